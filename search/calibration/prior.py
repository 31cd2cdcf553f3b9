"""The weights of the evidence that ship: of every catalog before it is asked itself, see search.calibration.evidence."""

from collections.abc import Mapping
from types import MappingProxyType

#: By modality; fitted by `fit`.
PRIOR: Mapping[str, Mapping[str, float]] = MappingProxyType({})
