"""The weights of the evidence that ship: of every catalog before it is asked itself, see search.calibration.evidence.

Fitted to the first 24 hits of shoppers' queries of every form at three levels of knowledge (all that is known of the
products, titles and pictures, pictures): of the embedded catalog and of fashion/validation, with 14 queries of each form
under the seed 7, and for a photo, alone or with words, with 60 photographs of clothing/validation and home/validation, which
the model has not learned from (it is surer of those that it has). `python -m search evaluate --fit-evidence` fits them anew.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

PRIOR_FILE = Path(__file__).with_name("prior.json")
#: By modality.
PRIOR: Mapping[str, Mapping[str, float]] = MappingProxyType(json.loads(PRIOR_FILE.read_text(encoding="utf-8")))
