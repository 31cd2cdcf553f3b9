"""Read and validate products from a folder, CSV, Parquet, ZIP or a datasets source; id <-> row."""

from search.catalog.filter import Filter
from search.catalog.store import Catalog, FacetValue, Issue, LoadReport

__all__ = ["Catalog", "FacetValue", "Filter", "Issue", "LoadReport"]
