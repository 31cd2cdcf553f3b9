"""The weights of the evidence that ship: of every catalog before it is asked itself, see search.calibration.evidence."""

from collections.abc import Mapping
from types import MappingProxyType

#: By modality.
PRIOR: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "photo": {"bias": 0.85, "likeness": 0.31, "kind": 0.69, "kind_seen": 1.03, "kind_open": -1.29},
        "words": {
            "bias": 1.92,
            "likeness": 0.25,
            "met": 1.47,
            "by_text": -0.58,
            "denied": -5.96,
            "nearly": -3.85,
            "seen": 0.54,
            "open": -1.59,
            "lacking": -4.24,
            "unknown": -3,
            "unasked": -2.66,
        },
        "both": {
            "bias": -3.11,
            "likeness": 0.78,
            "met": 3.6,
            "by_text": -0.67,
            "denied": -3.52,
            "nearly": -3.49,
            "seen": 0.54,
            "open": 0.3,
            "kind": 0.67,
            "kind_seen": 0.73,
            "kind_open": -0.1,
        },
    }
)
