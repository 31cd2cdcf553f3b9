"""The weights of the evidence that ship: of every catalog before it is asked itself, see search.calibration.evidence.

Fitted to the first 24 hits of shoppers' queries of every form (search.lab.benchmark.shopping) in fashion/validation and the
embedded catalog under the embedded model, with all that is known of the products, with titles and pictures alone, and with
pictures alone; the photographs are half of those of clothing/validation and home/validation.
"""

from collections.abc import Mapping
from types import MappingProxyType

#: By modality.
PRIOR: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "photo": {"bias": 1.26, "likeness": 0.06, "kind": 0.55, "kind_seen": 0.81, "kind_open": -0.81},
        "words": {
            "bias": 1.95,
            "likeness": 0.26,
            "likeness_met": 0.22,
            "met": 1.71,
            "narrower": -3.74,
            "by_text": -1.16,
            "second": -1.41,
            "checked": 0.16,
            "denied": -5.55,
            "nearly": -5.15,
            "nearly_kind": 1.77,
            "seen": 0.58,
            "open": -1.43,
            "unseen": 0.95,
            "lacking": -3.36,
            "unknown": -2.2,
            "unasked": -1.62,
            "crowd": -0.46,
            "corrected": 0.04,
            "named": 4.66,
            "unnamed": -7.74,
        },
        "both": {
            "bias": -1.88,
            "likeness": 0.86,
            "likeness_met": 1.17,
            "met": 2.99,
            "narrower": -4.79,
            "by_text": 0.24,
            "second": -3.33,
            "checked": -0.21,
            "denied": -2.71,
            "nearly": -2.97,
            "seen": 0.35,
            "open": 0.81,
            "kind": 0.04,
            "kind_met": 0.63,
            "kind_seen": 0.77,
            "kind_open": -0.77,
        },
    }
)
