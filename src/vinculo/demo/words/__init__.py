"""The vocabulary of each language that demo customers speak."""

from vinculo.demo.words.chinese import SIMPLIFIED, TRADITIONAL
from vinculo.demo.words.english import ENGLISH
from vinculo.demo.words.japanese import JAPANESE
from vinculo.demo.words.spanish import SPANISH
from vinculo.demo.words.tongue import Tongue

TONGUES: dict[str, Tongue] = {
    tongue.language: tongue for tongue in (ENGLISH, SPANISH, SIMPLIFIED, TRADITIONAL, JAPANESE)
}

__all__ = ["TONGUES", "Tongue"]
