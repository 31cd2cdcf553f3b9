"""Where a photo shows products: a head on the embedded model's own frozen trunk, which stands beside any encoder.

    locator = load_locator(encoder)
    located = locator.locate(picture)      # located.instances[0].box, .mask, .certainty; located.foreground

Its weights lie beside the embedded model's, with what they need to know in the file's metadata. Only `net` imports torch.
"""

from search.encoder.locator.instances import Instance, Located
from search.encoder.locator.loading import Locator, load_locator

__all__ = ["Instance", "Located", "Locator", "load_locator"]
