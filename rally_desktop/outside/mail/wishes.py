"""Whether somebody asks by mail to get no more of it, in eight languages."""

from __future__ import annotations

import re

from rally_desktop.outside.mail.arrived import Arrived

# A wish is short: what is longer says something else besides, and a person should read it.
_LONGEST, _MOST_WORDS = 400, 45
_REPLY = re.compile(r"(?i)^\s*((re|aw|wg|fwd?|antw|sv|odp|tr|r|rv|res|enc|i|відп|пд)\s*:\s*)+")
# The whole of a line or of the subject.
_WORD = re.compile(
    r"(?i)(please |bitte |por favor,? |per favore,? |merci |proszę |будь ласка,? )?(unsubscribe"
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
_WISH = re.compile(
    "|".join(
        (
            r"\b(unsubscribe|remove|take|delete) (me|us|my|this|our)\b.{0,40}(off|from|list"
            r"|database"
            r"|address|e-?mails?|mail)|\bunsubscribe (me|us)\b|\b(stop|cease) (e-?mailing|mailing"
            r"|contacting|sending|writing)|\b(do not|don[’']?t|never) (e-?mail|contact|mail"
            r"|write|send)"
            r" (to )?(me|us)\b|\b(no (more|further)|any (more|further)) (e-?mails?|mails?"
            r"|messages)\b"
            r"|\bopt (me )?out\b|i (want|wish|would like|[’']d like) to (unsubscribe|opt out)",
            r"(keine|nicht) (weiteren|mehr|werbe).{0,20}(e-?mails?|mails|nachrichten|werbung"
            r"|newsletter)"
            r"|(schreiben|kontaktieren|mailen|senden|schicken) sie (mir|mich"
            r"|uns)\b.{0,30}(nicht mehr"
            r"|keine)|(nehmen|streichen|löschen|entfernen) sie (mich|uns|meine)\b.{0,60}(verteiler"
            r"|liste|adresse|daten)|aus (ihrem|dem|eurem) verteiler|\b(mich|uns) .{0,40}(abmelden"
            r"|austragen)|keine (e-?mails|mails|werbung|nachrichten) (mehr|erhalten)",
            r"(retire[rz]?|supprime[rz]?|enleve[rz]?|désinscri\w+|désabonne[rz]?)[ -].{0,40}(liste"
            r"|adresse|base|diffusion|mailing)|ne plus (me|nous|m[’']) ?(contacter|envoyer|écrire"
            r"|recevoir|solliciter)|ne (me|m[’']) ?(contactez|écrivez|envoyez) plus"
            r"|ne (souhaite|veux|désire) plus recevoir|me désinscrire|me désabonner",
            r"(darme|dame|denme|deme) de baja|(no|ni) (me |nos )?(envíe|envíen|manden?|escriba"
            r"|escriban"
            r"|contacte|contacten)\w*.{0,20}( más|\bmás\b)|no (me )?(vuelva|vuelvan) a (escribir"
            r"|contactar)|(quiten?|quíten|elimin\w+|borr\w+)(me)?\b.{0,40}(lista|correo|base)"
            r"|no (deseo|quiero) recibir más",
            r"(remov[ae]|retire|elimine|exclua|tire)[- ]?(me|meu|o meu)?\b.{0,40}(lista|e-?mail"
            r"|base)"
            r"|não (me )?(envie|enviem|mande|mandem|contacte|contatem?)\w*.{0,20} mais"
            r"|não (quero|desejo|pretendo) (mais )?receber|cancelar (a |minha )?(subscrição"
            r"|inscrição)",
            r"(cancella\w+|rimuov\w+|elimin\w+|toglie\w+|disiscriv\w+)(mi|temi|re"
            r"|ete)?\b.{0,50}(lista"
            r"|list|indirizzo|database|e-?mail)|non (scriv\w+|contatta\w+|invia\w+"
            r"|manda\w+)\w* più"
            r"|non (desidero|voglio) (più )?ricevere|disiscriver(mi|e)",
            r"(usun\w+|wypis\w+|wykreśl\w+|skasow\w+).{0,40}(adres|baz|list|danych|mnie)"
            r"|proszę (o )?nie"
            r" (pisać|wysyłać|kontaktować|przysyłać)|nie (życzę|chcę|chcemy).{0,30}(wiadomości"
            r"|maili"
            r"|otrzymywać)|(więcej|już) (nie|do mnie nie) (pis\w+|wysył\w+)"
            r"|proszę .{0,20}nie wysyłać",
            r"(не|більше не) (пишіть|надсилайте|турбуйте|присилайте|контактуйте).{0,30}(мені"
            r"|більше|нам"
            r"|листів|$)|(видаліть|вилучіть|приберіть|викресліть|відпишіть) (мене|мою|нас)"
            r"|не (хочу|бажаю) (більше )?отримувати|відписатися від",
        )
    ),
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?i)^(hi|hello|hey|dear|good (morning|day|afternoon)|hallo|guten (tag|morgen)"
    r"|sehr geehrte\w*"
    r"|liebe\w?|bonjour|madame|monsieur|hola|buen\w+ d[ií]as?|estimad\w+|olá|bom dia|boa tarde"
    r"|car[oai]"
    r"|buongiorno|salve|gentile|dzień dobry|witam|szanown\w+|добр\w+|вітаю"
    r"|шановн\w+)\b[^.!?]{0,60}$"
)
_QUESTION = re.compile(r"\?")


def asks_to_stop(arrived: Arrived, own_text: str) -> bool:
    """Say whether the sender asks for no more mail, in ``own_text`` or in the subject.

    ``own_text`` is what the sender wrote without quotes: our own footer asks for nothing.
    """
    lines = [line.strip(" \t*_>•.!,;:-–—\"'“”„‘’") for line in own_text.split("\n")]
    lines = [line for line in lines if line and not _GREETING.match(line)]
    text = " ".join(lines)
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS:
        return False
    subject = _REPLY.sub("", arrived.subject).strip(" .!")
    if _WORD.fullmatch(subject):
        return True
    if lines and _WORD.fullmatch(lines[0]):
        return True
    return bool(_WISH.search(text)) and not _QUESTION.search(own_text)
