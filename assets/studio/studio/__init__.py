"""The studio: procedural products, photographed. See ../README.md."""
