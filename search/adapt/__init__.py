"""Adapting any open_clip model to a catalog: photos and their products in, a model of the same format out.

pairs      Pairs: query pictures, catalog pictures, which belong together; what is held out
methods    Method: what is trained and how it becomes part of the model; AdaptationLayer, Lora
fit        adapt(): the loop with early stopping, TensorBoard and the best checkpoint
folder     a model -> a folder that open_clip opens as "local-dir:..."
"""

from search.adapt.fit import Adapted, Epoch, adapt, from_checkpoint
from search.adapt.methods import AdaptationLayer, Lora, Method, Recipe
from search.adapt.pairs import Pairs

__all__ = ["AdaptationLayer", "Adapted", "Epoch", "Lora", "Method", "Pairs", "Recipe", "adapt", "from_checkpoint"]
