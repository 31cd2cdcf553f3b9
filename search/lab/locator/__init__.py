"""How the locator (search.encoder.locator) is trained: made pictures, targets, losses, and the command."""
