"""What was asked: words, photos, and how they become one query vector."""
