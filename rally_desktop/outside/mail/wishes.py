"""Whether somebody asks by mail to get no more of it, in eight languages."""

from __future__ import annotations

import re

from rally_desktop.outside.mail.arrived import Arrived

# A wish is short: what is longer says something else besides, and a person should read it.
_LONGEST, _MOST_WORDS = 400, 45
_REPLY = re.compile(r"(?i)^\s*((re|aw|wg|fwd?|antw|sv|odp|tr|r|rv|res|enc|i|відп|пд)\s*:\s*)+")
# The whole of a line or of the subject.
_WORD = re.compile(
    r"(?i)((please|pls|plz|kindly) |bitte |por favor,? |per favore,? |merci |proszę "
    r"|будь ласка,? )?(unsubscribe"
    r"( me)?|un-subscribe|opt[- ]?out|remove( me)?|take me off|stop|stop (all )?(e-?)?mails?"
    r"|abmelden"
    r"|abmeldung|abbestellen|austragen|newsletter (abbestellen|abmelden)|désabonner|désinscription"
    r"|désinscrire|se désinscrire|me désabonner|désabonnement|baja|darme de baja|dar de baja"
    r"|cancelar( a)? (suscripción|subscrição|inscrição)|remover|descadastrar|anular subscrição"
    r"|disiscrivermi|disiscrizione|cancellami|cancellazione|cancellatemi|rezygnuję"
    r"|wypisz(cie)? mnie"
    r"|wypisać|rezygnacja|відписатися|відписка|відпишіть( мене)?|відписати)"
    r"( please| bitte| svp| s[’']il vous plaît| por favor| per favore| proszę| будь ласка)?"
)
_MAIL = (
    r"(e-?mails?|mails?|messages?|newsletters?|offers|advertising|spam|nachrichten|werbung"
    r"|werbemails"
    r"|angebote|zusendungen|courriels?|offres|publicité|correos?|mensajes?|ofertas|publicidad"
    r"|mensagens|publicidade|messaggi\w?|comunicazioni|pubblicità|offerte|wiadomości|maili"
    r"|e-?maili"
    r"|ofert|reklam|лист\w*|повідомлен\w*|пропозиц\w*|реклам\w*)\b"
)
_WISHES = (
    r"\bunsubscribe (me|us|my|this)\b|\b(remove|delete|take|drop) (me|us|this address|my (name"
    r"|data|details|(e-?mail )?address|e-?mail))\b.{0,20}\b(off|from)\b.{0,30}\b(lists?|database"
    r"|mailings?|mails?|e-?mails?|messages|distribution|newsletter|contacts|records|system)\b"
    rf"|\bstop (e-?mailing|spamming)\b|\bstop (mailing|contacting|messaging|writing( to)?"
    rf"|bothering) (me|us)\b|\bstop (sending|with) ([a-z]+ ){{0,3}}{_MAIL}"
    r"|\b(do not|don[’']?t|never) (e-?mail|contact|mail|message|write( to)?) (me"
    r"|us)( ever)?( again"
    rf"| any ?more| any longer)?\s*([.!]|$)|\b(do not|don[’']?t"
    rf"|never) send ([a-z]+ ){{0,3}}{_MAIL}"
    rf"|\bno (more|further) {_MAIL}|\bopt (me )?out\b|\b(want|wish|like|prefer) to (unsubscribe"
    r"|opt out|be (removed|taken off))|(not|n[’']t|no longer) (want|wish) to (hear from"
    r"|be contacted)"
    rf"|(not|n[’']t|no longer) (want|wish) to (receive|get) ([a-z]+ ){{0,3}}{_MAIL}",
    rf"\bkeine (weiteren|werbe\w*) {_MAIL}|\bkeine {_MAIL} mehr\b|\b(bitte|möchte|wünsche|will)\b"
    rf".{{0,30}}\bkeine {_MAIL}|(schreiben|kontaktieren|mailen) sie (mir|mich"
    rf"|uns)\b.{{0,20}}(nicht"
    r" mehr|nicht wieder|nie wieder)|(nehmen|streichen|entfernen|löschen"
    r"|tragen) sie (bitte )?(mich"
    r"|uns)\b.{0,40}\b(verteiler\w*|liste|datenbank|kartei|aus)\b|löschen sie (bitte )?meine"
    r" (e-?mail-?|persönlichen )?(adresse|daten)\b|aus (ihrem|dem|eurem) verteiler|\b(mich|uns)"
    r" .{0,40}(abmelden|austragen)\b|widerspreche\b.{0,60}(werb|nutzung|verarbeitung|kontakt)",
    r"(retire[rz]?|supprime[rz]?|enl[eè]ve[rz]?|désinscri\w+|désabonne[rz]?)[ -].{0,40}(liste|base"
    r"|diffusion|mailing|fichier)|ne plus (me |nous |m[’'])?(contacter|écrire|solliciter|recevoir)"
    rf"|ne (me|m[’']) ?(contactez|écrivez|sollicitez) plus|plus (de |d[’']|vos "
    rf"|aucun )?{_MAIL}.{{0,20}}"
    rf"(svp|merci)|(n[’']|m[’'])envoye[rz] plus (de |d[’']|vos |aucun )?({_MAIL}|rien)"
    rf"|plus m[’']envoyer"
    rf" (de |d[’']|vos )?{_MAIL}|ne (souhaite|veux|désire)\w* plus (recevoir|être)"
    r"|\bme (désinscrire|désabonner)",
    r"(dar(me|nos)?|d[ae]n?me|dar) de baja|no (me |nos )?(envíe\w*|mand\w+) (más )?"
    rf"({_MAIL}|nada)|no (me|nos) (escrib\w+|contact\w+|molest\w+) más"
    rf"|no (me )?vuelvan? a (escribir"
    r"|contactar)|(quit|quít|elimin|elimín|borr|bórr|sáqu|saqu)\w*\b.{0,30}(lista|base de datos)"
    r"|no (deseo|quiero|queremos|deseamos) (recibir|que me)",
    r"(remov|retir|exclu|elimin|tir)\w*(-me|-nos)?\b.{0,30}(lista|base de dados|mailing)"
    rf"|não (me |nos )?(envi\w+|mand\w+)(-me)? (mais )?({_MAIL}|e-?mails|nada)"
    rf"|não (me )?(contact\w+"
    r"|escrev\w+|incomod\w+)(-me)? mais|não (quero|desejo|pretendo|queremos)( mais)? receber"
    r"|cancelar (a )?(minha )?(subscrição|inscrição)",
    r"(cancell|rimuov|elimin|togli|disiscriv)\w*\b.{0,40}(lista|list|il mio indirizzo|database"
    r"|newsletter|contatti)|non (scriv|contatt|disturb)\w* più|non (invi|mand)\w* più"
    rf" ({_MAIL}|e-?mail|nulla|niente)|non (desider|vogli|intend)\w*( più)? ricevere"
    rf"|disiscriver(mi|ci)",
    r"(usun|wypis|wykreśl|skasow)\w+\b.{0,40}(adres|baz|list|moich danych|mnie)|\bnie (pisać"
    r"|pisanie|wysyłanie|przysyłanie"
    r"|wysyłać"
    rf"|kontaktować|przysyłać)\b.{{0,30}}(do mnie|się ze mną|{_MAIL})|nie (życz|chc)\w+.{{0,40}}"
    r"(wiadomości|maili|otrzymywać|kontaktu)|nie pisz\w* (więcej|do mnie)",
    r"не (пишіть|турбуйте|контактуйте)( мені| нам| більше|\s*[.!]|\s*$)|не (надсилайте|присилайте)"
    rf"\b.{{0,30}}{_MAIL}|(видал|вилуч|прибер|прибра|викресл|відпиш)\w* (мене|нас|мою адресу"
    r"|мої дані)|не (хоч|бажа)\w+ (більше )?(отримувати|одержувати)|відписатися від",
)
# «Stop», said of writing to somebody.
_STOPS = (
    r"\b(remove|delete|unsubscribe) (me|us)( (immediately|now|please|at once|asap|today"
    r"|right away))*"
    r"\s*([,.!]|$)|\bdelete my (details|data|contact|information|(e-?mail )?address|e-?mail)",
    r"\btragen sie (bitte )?(mich|uns)\b.{0,20}\baus\b|(hören|höre"
    r"|hört) (sie )?(bitte )?auf\b.{0,40}"
    rf"(schreiben|kontaktieren|mailen|belästigen|{_MAIL})",
    rf"\b(arrête[rz]?|cesse[rz]?|stop (aux|les|vos|à))\b.{{0,30}}(écrire|contacter|solliciter"
    rf"|{_MAIL})",
    r"\b(dejen?|deja|dejad|paren?) de (escribir|contactar|molestar|spamear)\w*"
    rf"|\b(dejen?|deja|dejad|paren?) de (enviar|mandar)\w*.{{0,15}}({_MAIL}|cosas)",
    r"\b(parem?|deixem?) de (me )?(escrever|contactar|incomodar)"
    rf"|\b(parem?|deixem?) de (me )?(enviar|mandar)(-me)?.{{0,15}}({_MAIL}|e-?mails)",
    r"\b(smett\w+|basta)( di)? (scriver|contattar|disturbar)\w*"
    rf"|\b(smett\w+|basta)( di)?( (mandar|inviar)\w*)? (e-?mail|mail|{_MAIL})",
    r"\b(przesta[ćńj]\w*|zaprzesta\w+) .{0,15}(pisa[ćn]|kontaktowa)"
    rf"|\b(przesta[ćńj]\w*|zaprzesta\w+) .{{0,15}}(wysyła|przysyła)\w+.{{0,15}}{_MAIL}",
    r"\b(припиніть|перестаньте|досить) .{0,15}(писати|турбувати)"
    rf"|\b(припиніть|перестаньте|досить) .{{0,15}}(надсила|присила|сла)\w+.{{0,15}}{_MAIL}",
)
# What an office keeps of somebody, and being rid of it.
_MINE = (
    r"(my (data|details|address|name|contact|e-?mail|information|record)|meine[rnm]? (daten"
    r"|adresse"
    r"|e-?mail|kontakt\w*|namen|eintrag)|(mon|mes|ma) (adresse|données|coordonnées|nom|e-?mail"
    r"|contact)"
    r"|mis? (datos|dirección|correo|nombre|contacto)|(meus?|minha) (dados|endereço|e-?mail"
    r"|contac?to"
    r"|nome)|(miei|mio) (dati|indirizzo|contatt\w+|nominativo|e-?mail)|moj\w* (dan\w+|adres\w*"
    r"|kontakt\w*|e-?mail\w*|mail\w*)|мо[їюєїх]\w* (дані|даних|адрес\w+|контакт\w*|пошт\w+))\b"
)
_DELETE = (
    r"\b(remove|delete|erase|lösch\w*|entfern\w*|streich\w*|supprim\w+|efface\w*|retir\w+|borr\w+"
    r"|elimin\w+|elimín\w+|quit\w+|apag\w+|remov\w+|cancell\w+|rimuov\w+|rimozione|usun\w+"
    r"|wykreśl\w+|skasow\w+|видал\w+|вилуч\w+|прибер\w+)"
)
_OTHERWISE = (
    rf"{_DELETE}\W.{{0,20}}{_MINE}|\bleave (me|us) alone|\boff (this|your|the) (mailing "
    rf"|e-?mail )?list",
    rf"\bstop (these|those|your|all) {_MAIL}|\b(send|write) (to )?(me|us) (anything"
    rf"|nothing) (else|more)",
    rf"lassen sie (mich|uns) in ruhe|weitere\w* ({_MAIL}|mails?"
    rf"|kontaktaufnahme\w*).{{0,20}}(absehen"
    r"|verzichten)|unterlassen sie (bitte )?(weitere|jede|jegliche)|\bcesser tout envoi",
    r"\btake (me|us) off\s*([.!]|$)|\bcancel my subscription|\bverschonen sie (mich|uns)"
    r"|\b(nehmen|löschen|streichen) sie .{0,30}\baus (der|ihrer|dem|ihrem) (liste|verteiler"
    r"|datenbank)"
    rf"|\bd[’']arrêter (vos |les |tout )?(envois?|{_MAIL})|\bno (nos |me )?escriban? más"
    r"|\bpar\w+ com (os|as|estes|estas) (e-?mails|mensagens)|\bdisiscriv(imi|etemi|eteci)\b"
    r"|\bwięcej nie (pisać|wysyłać|przysyłać)|\bбільше не (надсилати|писати|присилати|турбувати)",
    r"\bnicht mehr (anschreiben|kontaktieren|mailen|anmailen|belästigen)|\bkeine werbung bitte"
    r"|\bje me (désabonne|désinscris)|\bcancel\w+ (mi|nuestra) suscripción|\b(deixar"
    r"|parar) de receber",
    rf"\bno (quiero|queremos|enviar|mandar)(me|nos)? más ({_MAIL}|nada)|\bbasta (con )?(queste "
    rf"|le )?"
    rf"(mail|e-?mail|{_MAIL})|\bnie kontaktuj\w* się|\bchc\w+ się wypisać",
    rf"\bnon (invi|mand)\w+ altr\w+ (mail|e-?mail|{_MAIL})|\bnie (wysył"
    rf"|przysył)aj\w*.{{0,20}}{_MAIL}"
    r"|не (турбуйте|контактуйте|пишіть) (мене|зі мною|мені)",
)
# In small letters: these are looked for in most replies, and thrice as fast as in any.
_WISH = re.compile("|".join((*_WISHES, *_STOPS, *_OTHERWISE)))
_GREETING = re.compile(
    r"(?i)^(hi|hello|hey|dear|good (morning|day|afternoon)|hallo|guten (tag|morgen)"
    r"|sehr geehrte\w*"
    r"|liebe\w?|bonjour|madame|monsieur|hola|buen\w+ d[ií]as?|estimad\w+|olá|bom dia|boa tarde"
    r"|car[oai]"
    r"|buongiorno|salve|gentile|dzień dobry|witam|szanown\w+|добр\w+|вітаю"
    r"|шановн\w+)\b[^.!?]{0,60}$"
)
# Below such a line stand names, titles and what lawyers want said.
_CLOSING = re.compile(
    r"(?i)((kind|best|warm|many)? ?(regards|wishes)|best|thanks( again)?|(many )?thank(s| you)"
    r"|cheers"
    r"|sincerely|mit freundlichen grüßen|mfg|(viele|beste|liebe|freundliche) grüße|gruß"
    r"|cordialement"
    r"|bien à vous|salutations|merci( d[’']avance)?|saludos|un saludo|atentamente|gracias|(com os"
    r" melhores )?cumprimentos|atenciosamente|obrigad[oa]|(cordiali|distinti)? ?saluti|grazie"
    r"|pozdrawiam|z poważaniem|dziękuję|з повагою|дякую)"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def asks_to_stop(arrived: Arrived, own_text: str) -> bool:
    """Say whether the sender asks for no more mail, in ``own_text`` or in the subject.

    ``own_text`` is what the sender wrote without quotes: our own footer asks for nothing.
    """
    lines = _said(own_text)
    text = "\n".join(lines)
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS:
        return False
    subject = _REPLY.sub("", arrived.subject).strip(" .!")
    if _WORD.fullmatch(subject) or any(_WORD.fullmatch(_bare(line)) for line in lines[:1]):
        return True
    sentences = _SENTENCE_END.split(" ".join(lines).lower())
    return any(_WISH.search(one) for one in sentences if not one.endswith("?"))


def _said(own_text: str) -> list[str]:
    """Return the lines between the greeting and the closing."""
    lines = [line.strip() for line in own_text.split("\n") if line.strip()]
    lines = [line for line in lines if not _GREETING.match(_bare(line))]
    for place, line in enumerate(lines):
        if place and _CLOSING.fullmatch(_bare(line)):
            return lines[:place]
    return lines


def _bare(line: str) -> str:
    return line.strip(" \t*_>•.!,;:-–—\"'“”„‘’")
