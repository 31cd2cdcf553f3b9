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
        "photo": {"bias": 0.92, "likeness": 0.74, "kind": 0.34, "kind_seen": 0.58, "kind_open": -0.48},
        "words": {
            "bias": 1.57,
            "likeness": 0.21,
            "met": 1.62,
            "narrower": -5.21,
            "by_text": -0.72,
            "second": -2.22,
            "checked": 0.14,
            "denied": -5.11,
            "nearly": -3.82,
            "seen": 0.54,
            "open": -1.31,
            "unseen": -3.17,
            "lacking": -3.71,
            "unknown": -0.94,
            "unasked": -0.5,
            "absent": 2.41,
            "crowd": -0.03,
            "named": 4.73,
            "unnamed": -8.48,
        },
        "both": {
            "bias": -2.75,
            "likeness": 1.18,
            "met": 3.16,
            "narrower": -3.8,
            "by_text": -0.16,
            "second": -2.8,
            "checked": -0.19,
            "denied": -3.43,
            "nearly": -3.07,
            "seen": 0.27,
            "open": 0.6,
            "kind": 0.46,
            "kind_seen": 0.52,
            "kind_open": -0.1,
        },
    }
)
