"""Read and validate products from a folder, CSV, Parquet, ZIP or a datasets source; id <-> row."""

from search.catalog.filter import Filter
from search.catalog.report import ImportReport, RowError
from search.catalog.store import Catalog, FacetValue

__all__ = ["Catalog", "FacetValue", "Filter", "ImportReport", "RowError"]
