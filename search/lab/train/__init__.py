"""The recipe of the embedded model (`assets/model`), on a GPU or a CPU: `python -m search train`.

readers     rows of the data sets -> what is known in words, pictures on a white square
glossary    values of the data sets -> concepts of search/lexicon
captions    what is said of a product, in English and Chinese; what each caption claims
pack        the data made small enough to travel
dataset     Data: pictures, values and groups of what is trained on
sampler     which rows come together in a batch
bank        CaptionBank: captions as token ids on the device, written beside the training
names       texts of all kinds, all colours, and kinds in all colours
sentences   pairs of captions without pictures
augment     changes to pictures, on the device
network     the architecture, its ImageNet weights, its export
towers      the models of a run: student, teacher, ImageNet's trunk
recipe      the numbers of a run
tables      what every step looks up, on the device
losses      functions of embeddings; those it shares with adaptation stand in search/adapt/losses.py
objectives  which losses a step has
loop        Training: the step, the moving average, hard negatives, checkpoints
validate    figures while training; what is reported is measured by search/lab/benchmark
run         the command
soup        weights between two models
tokenizer   the vocabulary

Nothing here is imported when the app runs.
"""
