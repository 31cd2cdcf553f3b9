"""From scores to probabilities, bands and thresholds. Pure functions."""

from search.calibration.bands import RELATED, VERY_CLOSE, band
from search.calibration.platt import CURVES, PlattScaling
from search.calibration.rejection import KINDS, THRESHOLDS_FILE, RejectionThreshold, Thresholds, rejection_thresholds
from search.calibration.scores import DEPTH, ScoreCalibration, calibration_sample, modality, recolour_queries

__all__ = [
    "CURVES",
    "DEPTH",
    "KINDS",
    "RELATED",
    "THRESHOLDS_FILE",
    "VERY_CLOSE",
    "PlattScaling",
    "RejectionThreshold",
    "ScoreCalibration",
    "Thresholds",
    "band",
    "calibration_sample",
    "modality",
    "recolour_queries",
    "rejection_thresholds",
]
