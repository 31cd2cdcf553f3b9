"""What a merchandiser types, asked of the whole engine: queries of many forms made from a catalog, and their judgement.

queries = shopper_queries(catalog, seed=0)      # the words; each knows the ids that are right for it
answers = ask(engine, queries)                  # what the public engine answers, judged
figures(answers, ...)                           # P@5, MRR, precision of the top band, calibration error, denials
"""

from search.lab.benchmark.shopping.asking import LEVELS, Answer, ask, level
from search.lab.benchmark.shopping.forms import FORMS, ShopperQuery
from search.lab.benchmark.shopping.goods import Goods
from search.lab.benchmark.shopping.queries import shopper_queries

__all__ = ["FORMS", "LEVELS", "Answer", "Goods", "ShopperQuery", "ask", "level", "shopper_queries"]
