"""Typing errors made by rule, and words for things that no shop here has."""

from __future__ import annotations

import random

from search.lexicon.tokens import listed

_NEIGHBOURS = {
    "a": "qsz", "b": "vgn", "c": "xdv", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok", "j": "hku",
    "k": "jli", "l": "ko", "m": "nj", "n": "bmh", "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw", "t": "ryg",
    "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xas",
}  # fmt: skip


def mistyped(word: str, how: str, rng: random.Random) -> str:
    """A word with one error behind its first letter: "swap", "drop", "double", "replace" (any letter), "neighbour" (of
    the key). The word itself where nothing can be swapped."""
    places = [at for at in range(1, len(word)) if word[at].isalpha()]
    at = rng.choice(places)
    if how == "swap":
        swaps = [at for at in places if at + 1 < len(word) and word[at] != word[at + 1] and word[at + 1].isalpha()]
        at = rng.choice(swaps or [at])
        return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    letter = word[at]
    new = {
        "drop": "",
        "double": letter * 2,
        "replace": rng.choice([other for other in "abcdefghijklmnopqrstuvwxyz" if other != letter]),
        "neighbour": rng.choice(_NEIGHBOURS[letter]),
    }[how]
    return word[:at] + new + word[at + 1 :]


#: Real English words for what the shops of these tests do not sell.
ABSENT = listed(
    """accordion acorn airplane alligator almanac ambulance anchor anvil apron aquarium asphalt asteroid avalanche axle
    badger bagpipe bakery balloon bamboo banana bandage banjo barge barley barn barometer barrel battleship bayonet beaver
    beehive bellows bicycle binoculars biscuit blizzard boat bonfire boulder bridge broccoli bucket buffalo bulldozer
    bumper bus butcher butter cabbage cactus calculator camel canary cannon canoe canyon car caramel caravan cardboard
    carousel castle caterpillar cathedral cauldron cedar cello cemetery chainsaw chalk chariot cheese cherry chimney
    chisel cigar cinema clarinet cloud coal cobra coconut compass compost concrete cork corn cow crab crane crocodile
    crowbar cucumber cymbal dairy dam dandelion dentist diesel dinosaur dolphin donkey dragon drain drill drone drum dustbin
    eagle easel elevator embroidery engine escalator excavator faucet feather ferry fertilizer fiddle firewood fireworks
    flagpole flute fog forklift fossil fountain fox freezer frog fuel furnace galaxy garlic gasoline gate giraffe glacier
    glue goat gondola goose grape gravel grenade grill hail ham hammock harp harpoon hay helicopter hen herring
    highway hippopotamus hive honey horse hose hospital hotel hurricane igloo insect ivy jam jellyfish jungle kangaroo
    kayak kennel kerosene ketchup keyboard kiosk kite koala ladder lasso lava lawn lawnmower lettuce lighthouse limestone
    lizard llama lobster locomotive lumber magnet mailbox mango maple marsh mayonnaise meadow meteor microscope mole moose
    mosquito moss motorcycle mountain mousetrap museum mustache needle nectar nest noodle nozzle oar oasis octopus olive
    onion orchard ostrich otter oven oxygen oyster paddle palace pancake panda parachute parrot pasta peanut pebble pelican
    penguin petrol piano pickle pier pigeon pistol pizza planet plough pond pony popcorn porcupine potato prison propeller
    pulley puppet pyramid quarry quicksand rabbit raccoon radar railway raspberry reactor reptile rice rifle river robot
    rocket rope rudder saddle sailboat salad salmon sand sandwich sausage sawdust saxophone scaffold scooter scorpion
    screwdriver seaweed seesaw shark sheep shovel siren skateboard skeleton sled snail snorkel snowman soup spade spider
    spinach sponge squirrel stapler stethoscope submarine sugar surfboard swamp swan sword syringe tadpole tank tarpaulin
    taxi telescope tent thunder tiger toad toaster tomato tornado tractor trailer trampoline treadmill trombone trout truck
    trumpet tugboat tulip tunnel turbine turkey turnip turtle ukulele unicorn vaccine vacuum vampire vinegar violin volcano
    vulture wagon walrus wasp waterfall weasel whale wheelbarrow whistle windmill wolf wrench xylophone yacht yogurt zebra
    zeppelin zipper"""
)
