"""Which column of a list holds what: guessed from its heading, in the languages offices use.

The headings that Excel templates, Outlook, Google, HubSpot and Pipedrive use are among them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rally_desktop.core.fold import fold

# A heading for one whole name, which the import takes apart.
FULL_NAME = "name"

_CONTACT: Mapping[str, str] = {
    "first_name": "first name|given name|forename|firstname|vorname|rufname|prénom|prenom"
    "|nombre de pila|nombres|nome próprio|primeiro nome|voornaam|imię|förnamn|fornavn|etunimi|jméno"
    "|contact first name|person first name",
    "last_name": "last name|surname|family name|lastname|nachname|familienname|zuname"
    "|nom de famille|apellido|apellidos|primer apellido|cognome|sobrenome|apelido|achternaam"
    "|nazwisko|efternamn|efternavn|etternavn|sukunimi|příjmení|contact last name",
    "email": "e-mail|email|mail|e-mail address|email address|e-mail 1 - value|email 1 value"
    "|e-mail-adresse|mailadresse|email adresse|courriel|adresse e-mail|adresse mail|adresse email"
    "|adresse électronique|correo|correo electrónico|dirección de correo|dirección de e-mail"
    "|indirizzo e-mail|indirizzo email|posta elettronica|endereço de e-mail|correio eletrónico"
    "|e-mailadres|adres e-mail|e-post|e-postadress|sähköposti|primary email|work email"
    "|business email|e-mail 1|email 1|contact email|email - work",
    "phone": "phone|telephone|phone number|tel|tel no|business phone|work phone|office phone"
    "|phone 1 - value|primary phone|telefon|telefonnummer|festnetz|rufnummer|tel nr|téléphone"
    "|numéro de téléphone|téléphone professionnel|tél|teléfono|número de teléfono|telefono"
    "|telefone|telefoon|telefoonnummer|numer telefonu|puhelin|phone - work|company main phone"
    "|geschäftlich",
    "mobile": "mobile|mobile phone|mobile phone number|mobile number|cell|cell phone|handy"
    "|handynummer|mobil|mobiltelefon|mobilnummer|portable|téléphone mobile|téléphone portable"
    "|móvil|teléfono móvil|celular|cellulare|telemóvel|mobiel|komórka|phone - mobile"
    "|phone 2 - value",
    "company": "company|company name|organization|organisation|organization name"
    "|organization 1 - name|account|account name|associated company|employer|business|firma"
    "|unternehmen|firmenname|société|entreprise|empresa|compañía|organización|azienda|società"
    "|ditta|bedrijf|bedrijfsnaam|företag|virksomhed|yritys|společnost|primary associated company",
    "title": "job title|position|role|organization 1 - title|organization title|title|funktion"
    "|berufsbezeichnung|stelle|fonction|poste|intitulé du poste|cargo|puesto|ruolo|qualifica"
    "|functie|stanowisko|titel",
    "department": "department|organization 1 - department|organization department|abteilung"
    "|service|département|departamento|reparto|afdeling|dział|avdelning",
    "linkedin": "linkedin|linkedin url|linkedin profile|linkedin bio",
    "twitter": "twitter|twitter handle|twitter username|x handle",
    "street": "street|street address|address|address line 1|address 1|business street|work street"
    "|address 1 - street|straße|strasse|anschrift|adresse|rue|calle|dirección|domicilio|via"
    "|indirizzo|rua|morada|straat|ulica|gata|adres",
    "city": "city|town|business city|work city|address 1 - city|ort|stadt|wohnort|ville|ciudad"
    "|localidad|población|città|cidade|localidade|plaats|stad|woonplaats|miasto|by|kaupunki",
    "state": "state|region|province|county|state/region|business state|work state"
    "|address 1 - region|bundesland|kanton|région|provincia|estado|provincie|województwo",
    "postal_code": "postal code|postcode|zip|zip code|zip/postal code|business postal code"
    "|work zip|address 1 - postal code|plz|postleitzahl|code postal|cp|código postal|cap|cep"
    "|kod pocztowy|postnummer",
    "country": "country|country/region|business country|business country/region|nation"
    "|address 1 - country|land|pays|país|pais|paese|nazione|kraj|maa|work country",
    "lifecycle_stage": "lifecycle stage|lifecyclestage|stage|lifecycle-phase",
    "lead_status": "lead status|status|leadstatus",
    "lead_source": "lead source|source|original source|leadquelle|quelle|herkunft|origine"
    "|source du lead|origen|fuente|fonte|bron|źródło|how did you hear about us",
    "lead_type": "lead type|leadtyp",
    "lead_priority": "lead priority|priority|priorität|priorité|prioridad",
    "gender": "gender|sex|geschlecht|genre|sexe|género|genere|geslacht",
    "score": "score|lead score|hubspot score",
    "owner": "owner|contact owner|hubspot owner|record owner|account owner|lead owner|assigned to"
    "|zuständig|betreuer|besitzer|inhaber|responsable|propriétaire|propietario|responsabile"
    "|eigenaar|ansvarlig|ansvarig",
    "time_zone": "time zone|timezone|zeitzone|fuseau horaire|zona horaria",
    "consent_email": "e-mail consent|email consent|marketing consent|newsletter|email opt in",
    "consent_sms": "sms consent|sms opt in",
    "do_not_contact": "do not contact|do not mail|unsubscribed|unsubscribed from all email"
    "|opt out|nicht kontaktieren",
    "tags": "tags|tag|labels|label|person labels|categories|category|group membership|groups"
    "|schlagwörter"
    "|schlagworte|kategorien|étiquettes|catégories|etiquetas|categorías|etichette|categorie"
    "|etykiety",
    FULL_NAME: "name|full name|display name|contact name|contact|person|kontakt|ansprechpartner"
    "|vollständiger name|nom complet|nombre completo|nombre y apellidos|nome completo"
    "|volledige naam|naam|nazwa",
}
_PLACE = (
    "phone",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "owner",
    "time_zone",
    "tags",
)
_COMPANY: Mapping[str, str] = {
    **{field: _CONTACT[field] for field in _PLACE},
    "name": f"name|{_CONTACT['company']}|naam|nom|nome|nombre|nazwa",
    "domain": "domain|company domain name|company domain|domäne|domaine|dominio",
    "website": "website|website url|web site|web page|url|homepage|webseite|site web|sitio web",
    "industry": "industry|sector|branche|secteur|sector industrial|settore",
}
_DEAL: Mapping[str, str] = {
    "name": "name|deal name|deal|title|opportunity name|opportunity|titel|titre|título|titolo",
    "pipeline": "pipeline|sales pipeline",
    "stage": "stage|deal stage|sales stage|phase|étape|etapa|fase",
    "amount": "amount|value|deal value|deal amount|expected revenue|betrag|wert|montant|importe"
    "|valor|importo|bedrag",
    "contact": "contact|contact person|associated contact|person|primary contact|kontakt"
    "|ansprechpartner|contacto|contatto|contactpersoon",
    "company": _CONTACT["company"],
    "expected_close": "expected close|close date|expected close date|closing date|closed on"
    "|abschlussdatum|date de clôture|fecha de cierre",
    "owner": f"{_CONTACT['owner']}|deal owner|opportunity owner",
    "tags": _CONTACT["tags"],
}
_KINDS: Mapping[str, Mapping[str, str]] = {
    "contact": _CONTACT, "company": _COMPANY, "deal": _DEAL,
}  # fmt: skip
# Pipedrive says of which record each column is.
_SAID_BEFORE = re.compile(r"^(person|deal|organi[sz]ation) - ", re.IGNORECASE)
# Means the first name, the last or the whole one, depending on what stands beside it.
_EITHER = frozenset(("name", "nom", "nombre", "nome", "namn", "navn", "naam"))


def guess_mapping(
    headings: Iterable[str], kind: str = "contact", labels: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return {heading: field} for the headings that are understood, each field once.

    ``labels`` is what the office calls its fields: {field: label}. It goes before any guess; of
    several headings for one field the plainest is taken.
    """
    headings = list(headings)
    own = {fold(label): field for field, label in (labels or {}).items()}
    found: dict[str, tuple[int, str]] = {}
    for heading in headings:
        rank, field = _meant(heading, kind, own)
        if field and rank < found.get(field, (_NEVER, ""))[0]:
            found[field] = rank, heading
    mapping = {heading: field for field, (_, heading) in found.items()}
    if kind == "contact":
        _tell_names(headings, mapping)
    return {heading: mapping[heading] for heading in headings if heading in mapping}


def _meant(heading: str, kind: str, own: Mapping[str, str]) -> tuple[int, str]:
    """Return which field a heading means, and how many plainer words there are for it."""
    if (field := own.get(fold(heading))) is not None:
        return -1, field
    known = _KNOWN[kind]
    plain = known.get(fold(heading)) or known.get(_bare(_SAID_BEFORE.sub("", heading)))
    return plain or (_NEVER, "")


def _tell_names(headings: Iterable[str], mapping: dict[str, str]) -> None:
    """Decide what a lone «Name» is by what stands beside it."""
    for heading in headings:
        if _bare(heading) in _EITHER:
            mapping.pop(heading, None)
            if field := _which_name(set(mapping.values())):
                mapping[heading] = field


def _which_name(taken: set[str]) -> str:
    if "first_name" in taken:
        return "" if "last_name" in taken else "last_name"
    if "last_name" in taken:
        return "first_name"
    return "" if FULL_NAME in taken else FULL_NAME


def _bare(heading: str) -> str:
    """Return a heading's letters and digits alone, without accents and case."""
    letters = unicodedata.normalize("NFKD", heading.casefold().replace("ł", "l"))
    return re.sub(r"[^a-z0-9]", "", letters)


_NEVER = 10_000
_KNOWN: Mapping[str, Mapping[str, tuple[int, str]]] = {
    kind: {
        _bare(heading): (rank, field)
        for field, listed in reversed(fields.items())
        for rank, heading in reversed([*enumerate((field, *listed.split("|")))])
    }
    for kind, fields in _KINDS.items()
}
