"""Make ``resources/demo/contacts.csv``: five hundred invented people, with real lists' troubles.

Usage: ``python scripts/make_demo_contacts.py``. The same seed gives the same file. Most of it is
UTF-8; some lines are Windows-1252, as if pasted from an older program, and some were decoded
wrongly before they were saved. Addresses are under domains that belong to nobody (RFC 2606).
"""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "resources" / "demo" / "contacts.csv"
ROWS, DOUBLED, OLD_LINES, GARBLED_LINES = 500, 20, 30, 6
HEADINGS = (
    "First name", "Last name", "E-mail", "Phone", "Company", "City", "Country", "Lead source",
    "Tags", "Owner",
)  # fmt: skip
# Country: its dialling code, cities, first names, last names.
PLACES: dict[str, tuple[str, str, str, str]] = {
    "United Kingdom": (
        "44", "London|Leeds|York|Bristol|Bath",
        "Emma|Oliver|Sophie|Harry|Grace|Callum", "Taylor|Hughes|Bennett|O'Neill|Walker|Price",
    ),
    "Germany": (
        "49", "Köln|München|Hamburg|Düsseldorf|Nürnberg",
        "Jürgen|Anneliese|Björn|Käthe|Lukas|Sören", "Müller|Weiß|Schäfer|Köhler|Grün|Vogt",
    ),
    "France": (
        "33", "Orléans|Lyon|Besançon|Nîmes|Angoulême",
        "Zoé|François|Hélène|Benoît|Chloé|Maël", "Lefèvre|Garçon|Noël|Béranger|Chêne|Moreau",
    ),
    "Spain": (
        "34", "Málaga|Cádiz|León|A Coruña|Sevilla",
        "José|Begoña|Íñigo|Lucía|Andrés|Nuria", "Muñoz|Peña|Ibáñez|Ruiz|Gálvez|Nieto",
    ),
    "Portugal": (
        "351", "Évora|Setúbal|Porto|Guimarães|Faro",
        "João|Inês|Conceição|Tomás|Márcia|Rui", "Gonçalves|Simões|Leitão|Araújo|Pinto|Brás",
    ),
    "Norway": (
        "47", "Tromsø|Bergen|Ålesund|Bodø|Oslo",
        "Bjørn|Åse|Øyvind|Solveig|Kåre|Ingrid", "Sørensen|Håland|Bråten|Lunde|Nygård|Berg",
    ),
    "Poland": (
        "48", "Łódź|Kraków|Gdańsk|Poznań|Wrocław",
        "Łukasz|Małgorzata|Paweł|Zofia|Grażyna|Jan", "Wójcik|Wiśniewska|Żak|Dąbrowski|Kot|Sęk",
    ),
    "Czechia": (
        "420", "Plzeň|Brno|Děčín|Olomouc|Třebíč",
        "Jiří|Šárka|Ondřej|Žaneta|Luboš|Eva", "Dvořák|Růžička|Němec|Čermák|Holub|Bílý",
    ),
    "Türkiye": (
        "90", "İzmir|Muğla|Eskişehir|Şanlıurfa|Bursa",
        "Çağla|Gülşen|İbrahim|Oğuz|Ayşe|Cem", "Yıldız|Şahin|Öztürk|Koç|Güneş|Demir",
    ),
    "Greece": (
        "30", "Αθήνα|Πάτρα|Βόλος|Χανιά|Λάρισα",
        "Ελένη|Γιώργος|Μαρία|Νίκος|Σοφία|Δημήτρης", "Παππάς|Ιωάννου|Δήμου|Λαμπρού|Βλάχου|Καρράς",
    ),
    "Japan": (
        "81", "東京|大阪|京都|札幌|福岡",
        "花子|太郎|さくら|健|由美|翔", "小林|田中|佐藤|高橋|渡辺|森",
    ),
}  # fmt: skip
COMPANIES = (
    "Hill Dental|Brücke & Söhne|Atelier Noé|Café Central|Blue Door Studio|Norrøna Kraft"
    "|Piekarnia Łan|Quinta do Vale|Sol y Mar|Harbour Books|Green Roofs|Ríos Legal|Bright Eyes"
    "|Maison Dupré|Old Mill Bakery|Stone & Field|Čajovna U Řeky|Marble Works"
).split("|")
SOURCES = (
    ("Inbound", 40), ("Web form", 18), ("Referral", 15), ("Event", 12), ("Partner", 8),
    ("Cold call", 7),
)  # fmt: skip
TAGS = "Newsletter|Spring fair|VIP|Implants|Check-up|Old list".split("|")
OWNERS = ("Maria Keller", "Tom Okafor", "Ines Duarte", "")
DOMAINS = ("example.com", "example.org", "example.net")
# What other alphabets are written as before an @.
_PAIRS = (
    "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f "
    "χ ch ψ ps ω o ø o ł l ı i ß ss đ d æ ae"
).split()
LATIN = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))


def main() -> None:
    """Write the file."""
    chance = random.Random(500)
    rows = [person(chance, number) for number in range(ROWS - DOUBLED)]
    rows += [again(chance, row) for row in chance.sample(with_address(rows), DOUBLED)]
    chance.shuffle(rows)
    lines = [line(HEADINGS).encode(), *written(chance, rows)]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(b"".join(lines))


def person(chance: random.Random, number: int) -> list[str]:
    """Invent one person; some of what a list should have is missing."""
    country = chance.choice(list(PLACES))
    code, cities, firsts, lasts = PLACES[country]
    first, last = chance.choice(firsts.split("|")), chance.choice(lasts.split("|"))
    company = chance.choice(COMPANIES)
    name = ".".join(filter(None, (latin(first), latin(last)))) or "person"
    domain = f"{latin(company) or 'office'}.{chance.choice(DOMAINS)}"
    digits = "".join(chance.choice("0123456789") for _ in range(9))
    tags = chance.sample(TAGS, chance.choice((0, 0, 1, 1, 2)))
    names, weights = zip(*SOURCES, strict=True)
    return [
        first if chance.random() > 0.04 else "",
        last if chance.random() > 0.06 else "",
        f"{name}{number}@{domain}" if chance.random() > 0.03 else "",
        f"+{code} {digits[:2]} {digits[2:5]} {digits[5:]}" if chance.random() > 0.15 else "",
        company if chance.random() > 0.12 else "",
        chance.choice(cities.split("|")) if chance.random() > 0.1 else "",
        country if chance.random() > 0.05 else "",
        chance.choices(names, weights)[0],
        chance.choice(("; ", ", ")).join(tags),
        chance.choice(OWNERS),
    ]


def again(chance: random.Random, row: list[str]) -> list[str]:
    """Return the same person as another list has them: shouted address, new telephone."""
    copy = list(row)
    copy[2] = copy[2].upper() if chance.random() < 0.5 else f" {copy[2]}"
    copy[3] = "+44 20 7946 0" + "".join(chance.choice("0123456789") for _ in range(3))
    copy[8] = "Old list"
    return copy


def with_address(rows: list[list[str]]) -> list[list[str]]:
    """Return those that can be recognised."""
    return [row for row in rows if row[2]]


def latin(text: str) -> str:
    """Return a name as it stands before or after an @."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LATIN))
    plain = unicodedata.normalize("NFKD", plain).translate(LATIN)
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def line(cells: tuple[str, ...] | list[str]) -> str:
    """Return one line of the file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def written(chance: random.Random, rows: list[list[str]]) -> list[bytes]:
    """Encode the rows: most in UTF-8, some in Windows-1252, a few decoded wrongly before."""
    texts = [line(row) for row in rows]
    accented = [n for n, text in enumerate(texts) if not text.isascii() and fits_old(text)]
    chosen = chance.sample(accented, OLD_LINES + GARBLED_LINES)
    lines = [text.encode() for text in texts]
    for number in chosen[:OLD_LINES]:
        lines[number] = texts[number].encode("cp1252")
    for number in chosen[OLD_LINES:]:
        lines[number] = texts[number].encode().decode("cp1252").encode()
    return lines


def fits_old(text: str) -> bool:
    """Tell whether a line can be written, and written wrongly, in Windows-1252."""
    try:
        text.encode("cp1252")
        text.encode().decode("cp1252")
    except UnicodeError:
        return False
    return True


if __name__ == "__main__":
    main()
