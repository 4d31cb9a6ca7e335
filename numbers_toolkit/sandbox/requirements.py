"""What a number order of each region and number type has to come with: registration data and attachments.

The shape of the answer is the documentation's, everything in it is invented. All of these are choices:

- US numbers have no requirements that are known, and the look-up says so with 404, as production does. Nor has a
  region or type that is not in the sandbox's price list.
- Where a number on offer says that it needs no documents, the look-up answers 200 with empty `fields` and
  `attachments`. Where it says that it does, there are requirements.
- For AU, ``fields.schema`` is a reference, as in the documentation's sample; the names are in
  ``rules[0].template``, with empty values. Elsewhere it is a JSON Schema object. Either way it describes
  **one entry** of ``requestDetails.data``, an array of which one entry is enough, whatever the quantity.
- The registration of an order without requirements may hold anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from numbers_toolkit.sandbox.identifiers import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FILES = "https://files.example.com"
PDF = ("application/pdf",)
SCANS = ("application/pdf", "image/jpeg", "image/png")
IDENTITY = ("Passport", "Identity card", "Residence permit")
# The attachment of the documentation's worked example, so that it can be sent to the sandbox as it stands.
FIRST_ATTACHMENT = "01kq4ye5f2g7h9j1k3m6n8p0qr"


@dataclass(frozen=True)
class Paper:
    """A document that a registration asks for; no `mime_types` or `document_types` means any."""

    title: str
    description: str
    mime_types: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    template: str = ""


@dataclass(frozen=True)
class RequiredPaper:
    """A paper as one region and type asks for it."""

    attachment_id: str
    paper: Paper
    mandatory: bool

    def document(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        name = self.paper.template
        return {
            "id": self.attachment_id,
            "description": self.paper.description,
            "mandatory": self.mandatory,
            "template": [{"name": name, "url": f"{FILES}/{name}"}] if name else [],
            "title": self.paper.title,
            "allowedMimeTypes": list(self.paper.mime_types),
            "allowedDocumentTypes": list(self.paper.document_types),
        }


@dataclass(frozen=True)
class Requirements:
    """What one region and type asks for: the schema of an entry, or None, and the papers by attachment id."""

    schema: Mapping[str, Any] | None = None
    reference: str = ""
    papers: Mapping[str, RequiredPaper] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return them as the API shows them."""
        fields: dict[str, Any] = {}
        if self.schema is not None:
            template = {name: _EMPTY[part["type"]] for name, part in self.schema["properties"].items()}
            fields = {
                "schema": self.reference or dict(self.schema),
                "rules": [{"template": template}],
                "attachments": [],
            }
        return {"fields": fields, "attachments": [paper.document() for paper in self.papers.values()]}


_EMPTY = {"string": "", "integer": 0, "boolean": False}

PAPERS: Mapping[str, Paper] = MappingProxyType(
    {
        "statement": Paper(
            "Statement", "Signed statement of use", PDF, ("Passport", "Driving licence"), "statement.rtf"
        ),
        "register": Paper(
            "Business registration",
            "Extract of the commercial register, not older than six months",
            SCANS,
            ("Register extract", "Business licence", "Tax certificate"),
        ),
        "identity": Paper("Identity document", "Of the person who signs for the business", SCANS, IDENTITY),
        "address": Paper("Proof of address", "A bill or letter that shows the business at this address", PDF),
        "attorney": Paper(
            "Power of attorney", "Only when somebody else orders for the business", template="attorney.docx"
        ),
    }
)


def _text(title: str, description: str, pattern: str = "", longest: int = 100) -> dict[str, Any]:
    limits = {"pattern": pattern} if pattern else {"minLength": 1}
    return {"type": "string", "title": title, "description": description, "maxLength": longest} | limits


FIELDS: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "endBusinessName": _text("Business name", "Name of the business that will use the numbers"),
        "companyName": _text("Company name", "Registered name of the business that will use the numbers"),
        "registrationNumber": _text(
            "Registration number",
            "Number in the commercial register: 4 to 20 capital letters, digits, blanks, dots, hyphens",
            "^[A-Z0-9 .-]{4,20}$",
        ),
        "firstName": _text("First name", "First name of the person who will use the numbers"),
        "lastName": _text("Last name", "Last name of the person who will use the numbers"),
        "dateOfBirth": _text("Date of birth", "Year, month, day: 1980-12-31", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        "address": _text("Address", "Street and number"),
        "street": _text("Street", "Street and number; no post-office box"),
        "city": _text("City", "City or place"),
        "contactEmail": _text("E-mail", "Where the reviewers reach you", r"^[^@\s]+@[^@\s]+\.[^@\s]+$", 200),
        "contactNumber": _text("Telephone", "In E.164 form: a plus, then digits", r"^\+[1-9][0-9]{5,14}$"),
        "intendedUse": {
            "type": "string",
            "title": "Intended use",
            "description": "What the numbers are for",
            "enum": ["ALERTS", "CUSTOMER_SERVICE", "MARKETING", "VERIFICATION"],
        },
        "monthlyMessages": {
            "type": "integer",
            "title": "Messages per month",
            "description": "Your estimate, for all numbers of the order together",
            "minimum": 0,
            "maximum": 100_000_000,
        },
        "resale": {
            "type": "boolean",
            "title": "Resale",
            "description": "Whether the numbers are passed on to customers of yours",
        },
    }
)
POSTAL_CODES: Mapping[str, str] = MappingProxyType(
    {
        "BR": "^[0-9]{5}-?[0-9]{3}$",
        "DE": "^[0-9]{5}$",
        "ES": "^[0-9]{5}$",
        "FR": "^[0-9]{5}$",
        "IE": "^[A-Z][0-9W]{2} ?[0-9A-Z]{4}$",
        "IN": "^[0-9]{6}$",
        "IT": "^[0-9]{5}$",
        "JP": "^[0-9]{3}-?[0-9]{4}$",
        "SE": "^[0-9]{3} ?[0-9]{2}$",
        "SG": "^[0-9]{6}$",
        "ZA": "^[0-9]{4}$",
    }
)
# Names of the fields of an entry; a question mark makes one optional.
PROFILES: Mapping[str, str] = MappingProxyType(
    {
        "australian": "endBusinessName address? city country contactNumber?",
        "business": "companyName registrationNumber street postalCode city country contactEmail contactNumber?",
        "messaging": "companyName registrationNumber street postalCode city country contactEmail contactNumber?"
        " intendedUse monthlyMessages?",
        "reseller": "companyName registrationNumber street postalCode city country contactEmail resale",
        "short": "companyName country contactEmail intendedUse",
        "person": "firstName lastName dateOfBirth street city country contactEmail?",
    }
)

# region type profile papers; a question mark makes a paper optional
_TABLE = """
AU MOBILE    australian statement address?
AU LOCAL     australian statement
GB TOLL_FREE short
CA TOLL_FREE short
PL TOLL_FREE short
SE LOCAL     business   register
DE MOBILE    messaging  register attorney?
DE LOCAL     business   register address attorney?
FR MOBILE    messaging  register identity
FR LOCAL     business   register address?
ES MOBILE    messaging  identity register?
ES LOCAL     business   address
IT MOBILE    messaging  identity register
IE LOCAL     business   address?
BR MOBILE    messaging  register identity?
BR LOCAL     business   register attorney?
IN LOCAL     reseller   register identity address
SG LOCAL     business   register
JP LOCAL     business   register identity attorney?
ZA MOBILE    messaging  identity
NA MOBILE    person     identity
NA LOCAL     person     identity address?
"""


def _property(name: str, region: str) -> dict[str, Any]:
    if name == "country":
        country = {"type": "string", "title": "Country", "description": "ISO 3166-1 code of the address"}
        return country | {"enum": [region]}
    if name == "postalCode":
        return _text("Postal code", "As written in this country", POSTAL_CODES[region])
    return FIELDS[name]


def _schema(profile: str, region: str) -> dict[str, Any]:
    names = PROFILES[profile].split()
    return {
        "$schema": DRAFT,
        "type": "object",
        "required": [name for name in names if not name.endswith("?")],
        "properties": {name.rstrip("?"): _property(name.rstrip("?"), region) for name in names},
        "additionalProperties": False,
    }


def _read(line: str) -> tuple[tuple[str, str], Requirements]:
    region, kind, profile, *names = line.split()
    papers = {}
    for name in names:
        key = name.rstrip("?")
        first = (region, kind, key) == ("AU", "MOBILE", "statement")
        attachment_id = FIRST_ATTACHMENT if first else identifier("attachment", region, kind, key)
        papers[attachment_id] = RequiredPaper(attachment_id, PAPERS[key], not name.endswith("?"))
    reference = f"/schema/{region.lower()}-{kind.lower()}-v1.json" if profile == "australian" else ""
    return (region, kind), Requirements(_schema(profile, region), reference, papers)


REQUIREMENTS: Mapping[tuple[str, str], Requirements] = MappingProxyType(
    dict(_read(line) for line in _TABLE.strip().splitlines())
)
NOTHING = Requirements()


def requirements_of(region_code: str, number_type: str) -> Requirements:
    """Return what an order has to come with; nothing where nothing is known.

    Examples
    --------
    >>> [paper.mandatory for paper in requirements_of("DE", "MOBILE").papers.values()]
    [True, False]
    >>> requirements_of("US", "LOCAL").document()
    {'fields': {}, 'attachments': []}
    """
    return REQUIREMENTS.get((region_code, number_type), NOTHING)
