"""Display names as people write them: many scripts, emoji, and text that tries to be more than text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

# Each of these has broken somebody's page, spreadsheet, terminal or parser.
UNTRUSTED = (
    "<script>alert(1)</script>",
    "=1+2",
    '=HYPERLINK("https://example.com","click")',
    "@SUM(A1:A9)",
    "+1 desk",
    "-2 desk",
    '"quoted" & <b>bold</b>',
    "it's 5 o'clock",
    "</td></tr></table>",
    "{{7*7}} ${7*7}",
    "2026-01-05 desk",
    "NA",
    "null",
    "nan",
    "007",
    "1e5",
    "a,b;c|d",
    "back\\slash",
    "tab\there",
    "  padded  ",
    "\u202eright to left",
    "<img src=x onerror=alert(1)>",
    "%s %d {0}",
    "a_b*c`d",
)

SHORT = (
    "Front desk", "Support", "Sales", "Helpdesk", "Warehouse", "Field team", "Billing", "Night shift", "Pilot",
    "Kundtjänst", "Växel", "Öppettider", "Buchhaltung", "Außendienst", "Zentrale", "Accueil", "Dépannage",
    "Réservations", "Atención", "Señalización", "Prenotazioni", "Città", "Obsługa", "Księgowość", "Asiakaspalvelu",
    "Møderum", "Resepsjon", "Balcão", "São Paulo",
)  # fmt: skip
SCRIPTS = (
    "Поддержка", "Склад 4", "Продажи", "Касса", "دعم", "مبيعات", "الاستقبال", "תמיכה", "מכירות", "客服", "仓库",
    "销售热线", "受付", "営業部", "サポート", "배송", "ग्राहक सेवा", "ฝ่ายขาย", "📞 desk",
    "🚚 Fleet", "Café ☕", "✅ live", "👩🏽‍💻 dev", "Ελλάδα",
)  # fmt: skip
PLACES = (
    "Cheyenne", "Malmö", "Zürich", "Köln", "Łódź", "Århus", "Besançon", "Windhoek", "Oslo", "Perth", "Osaka",
    "Leeds", "Gdańsk", "Cork", "Bilbao", "Utrecht",
)  # fmt: skip


def _pool() -> tuple[str, ...]:
    located = [f"{word} {place}" for word in SHORT[:14] for place in PLACES]
    counted = [f"{word} {number}" for word in SHORT for number in (1, 2, 12)]
    return (*SHORT, *SHORT, *SCRIPTS, *SCRIPTS, *SCRIPTS, *located, *counted)


POOL = _pool()
EMPTY_SHARE = 0.35
UNTRUSTED_EVERY = 21


def display_names(rng: random.Random, first: int, count: int) -> list[str]:
    """Return names for the numbers at positions `first` onwards of the whole inventory.

    About a third are empty. Every few positions holds one of `UNTRUSTED`, in turn, so that a few hundred
    numbers already show all of them.
    """
    named = max(1, round(len(POOL) / (1 - EMPTY_SHARE)))
    choices = rng.choices((*POOL, *[""] * (named - len(POOL))), k=count)
    offset = -first % UNTRUSTED_EVERY
    for position in range(offset, count, UNTRUSTED_EVERY):
        turn = (first + position) // UNTRUSTED_EVERY
        choices[position] = UNTRUSTED[turn % len(UNTRUSTED)]
    return choices
