"""Training: adapting a CLIP to products, and the recipe of the embedded model (`assets/model`).

Nothing here is imported when the app runs; torch is imported by the modules of this package only.
"""
