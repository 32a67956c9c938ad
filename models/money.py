"""Money: an integer count of minor units and an ISO 4217 code, never a float."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

# ISO 4217 table A.1: currencies whose minor unit is not a hundredth.
_MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


class CurrencyMismatchError(TypeError):
    """Raised when two currencies meet in one sum without a dated rate."""


def minor_digits(currency: str) -> int:
    """Say how many decimal digits the currency's minor unit has (ISO 4217)."""
    return _MINOR_DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, fen; whole yen) of one currency."""

    minor: int
    currency: str

    @classmethod
    def of(cls, major: Decimal | int | str, currency: str) -> "Money":
        """Make money from major units; raise ValueError when it has a part of a minor unit."""
        minor = Decimal(major).scaleb(minor_digits(currency))
        if minor != minor.to_integral_value():
            msg = f"{major} {currency} is finer than the currency's minor unit"
            raise ValueError(msg)
        return cls(int(minor), currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def _same(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            msg = f"{self.currency} and {other.currency} do not add up without a rate"
            raise CurrencyMismatchError(msg)
        return other

    def at(self, rate: Fraction, currency: str) -> "Money":
        """Convert at `rate` (units of `currency` for one major unit of this one), rounded half to even."""
        parts = 10 ** minor_digits(self.currency) * rate.denominator
        whole, rest = divmod(self.minor * rate.numerator * 10 ** minor_digits(currency), parts)
        is_up = 2 * rest > parts or (2 * rest == parts and whole % 2 == 1)
        return Money(whole + is_up, currency)
