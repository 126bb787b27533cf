"""What the pages and mails of the web service say to strangers, in eight languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The texts of one language; {office} and {address} are filled in."""

    leave: str
    whose: str
    no_mail: str
    no_sms: str
    nothing: str
    left: str
    mail: str
    sms: str
    after_all: str
    back: str
    dead: str
    instead: str
    closed: str
    once_more: str
    busy: str
    confirm: str
    really: str
    confirmed: str
    look: str
    wrong: str
    required: str
    invalid: str
    mail_subject: str
    mail_text: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        leave="Unsubscribe",
        whose="Messages from {office} to {address}",
        no_mail="No more e-mails",
        no_sms="No more text messages",
        nothing="No more messages of any kind",
        left="Done. From now on you get none of these:",
        mail="e-mails",
        sms="text messages",
        after_all="I want them after all",
        back="You will go on hearing from us.",
        dead="This link does not work any more",
        instead="Please answer the message with the word “unsubscribe” instead.",
        closed="This form is closed",
        once_more="Please fill in the form once more.",
        busy="So many send this form at the moment that it is not taken. Please try again later.",
        confirm="Confirm",
        really="Is {address} your address, and may {office} write to you?",
        confirmed="Thank you. It is confirmed.",
        look="Nearly done. Please follow the link in the mail that we have just sent you.",
        wrong="Please correct what is marked.",
        required="This is required",
        invalid="This cannot be read",
        mail_subject="Please confirm your address",
        mail_text="Somebody entered this address in a form of {office}. If it was you, please "
        "confirm it here:\n\n{link}\n\nIf it was not you, do nothing: you will not hear from us "
        "again.",
    ),
    "de": Words(
        leave="Abmelden",
        whose="Nachrichten von {office} an {address}",
        no_mail="Keine E-Mails mehr",
        no_sms="Keine SMS mehr",
        nothing="Gar keine Nachrichten mehr",
        left="Erledigt. Ab jetzt bekommen Sie davon nichts mehr:",
        mail="E-Mails",
        sms="SMS",
        after_all="Ich möchte sie doch bekommen",
        back="Sie hören weiterhin von uns.",
        dead="Dieser Link gilt nicht mehr",
        instead="Antworten Sie bitte auf die Nachricht mit dem Wort „abmelden“.",
        closed="Dieses Formular ist geschlossen",
        once_more="Bitte füllen Sie das Formular noch einmal aus.",
        busy="Gerade senden zu viele dieses Formular. Bitte versuchen Sie es später noch einmal.",
        confirm="Bestätigen",
        really="Ist {address} Ihre Adresse, und darf {office} Ihnen schreiben?",
        confirmed="Danke. Das ist bestätigt.",
        look="Fast fertig. Bitte folgen Sie dem Link in der E-Mail, die Sie gerade bekommen.",
        wrong="Bitte berichtigen Sie, was markiert ist.",
        required="Bitte ausfüllen",
        invalid="Das ist nicht lesbar",
        mail_subject="Bitte bestätigen Sie Ihre Adresse",
        mail_text="Jemand hat diese Adresse in ein Formular von {office} eingetragen. Waren Sie "
        "das, bestätigen Sie es bitte hier:\n\n{link}\n\nWaren Sie es nicht, tun Sie nichts: Sie "
        "hören dann nichts weiter von uns.",
    ),
    "fr": Words(
        leave="Se désabonner",
        whose="Messages de {office} à {address}",
        no_mail="Plus d’e-mails",
        no_sms="Plus de SMS",
        nothing="Plus aucun message",
        left="C’est fait. Vous ne recevrez plus :",
        mail="les e-mails",
        sms="les SMS",
        after_all="Je veux les recevoir quand même",
        back="Vous continuerez à recevoir nos messages.",
        dead="Ce lien n’est plus valable",
        instead="Répondez au message par le mot « désabonner ».",
        closed="Ce formulaire est fermé",
        once_more="Veuillez remplir le formulaire encore une fois.",
        busy="Trop de personnes envoient ce formulaire en ce moment. Veuillez réessayer plus tard.",
        confirm="Confirmer",
        really="L’adresse {address} est-elle la vôtre, et {office} peut-il vous écrire ?",
        confirmed="Merci. C’est confirmé.",
        look="C’est presque fini. Suivez le lien dans l’e-mail que nous venons de vous envoyer.",
        wrong="Veuillez corriger ce qui est indiqué.",
        required="Ce champ est obligatoire",
        invalid="Ce champ n’est pas lisible",
        mail_subject="Merci de confirmer votre adresse",
        mail_text="Quelqu’un a saisi cette adresse dans un formulaire de {office}. Si c’était "
        "vous, confirmez-le ici :\n\n{link}\n\nSinon, ne faites rien : vous n’aurez plus de nos "
        "nouvelles.",
    ),
    "es": Words(
        leave="Darse de baja",
        whose="Mensajes de {office} a {address}",
        no_mail="No más correos",
        no_sms="No más SMS",
        nothing="Ningún mensaje más",
        left="Hecho. A partir de ahora no recibirá:",
        mail="correos",
        sms="SMS",
        after_all="Sí quiero recibirlos",
        back="Seguirá recibiendo nuestros mensajes.",
        dead="Este enlace ya no es válido",
        instead="Responda al mensaje con la palabra «baja».",
        closed="Este formulario está cerrado",
        once_more="Rellene el formulario otra vez, por favor.",
        busy="Ahora mismo llegan demasiados envíos de este formulario. Inténtelo más tarde.",
        confirm="Confirmar",
        really="¿Es {address} su dirección y puede {office} escribirle?",
        confirmed="Gracias. Queda confirmado.",
        look="Casi está. Siga el enlace del correo que acabamos de enviarle.",
        wrong="Corrija lo que está marcado, por favor.",
        required="Es obligatorio",
        invalid="No se puede leer",
        mail_subject="Confirme su dirección, por favor",
        mail_text="Alguien ha escrito esta dirección en un formulario de {office}. Si fue usted, "
        "confírmelo aquí:\n\n{link}\n\nSi no fue usted, no haga nada: no volverá a saber de "
        "nosotros.",
    ),
    "pt": Words(
        leave="Cancelar a subscrição",
        whose="Mensagens de {office} para {address}",
        no_mail="Não quero mais e-mails",
        no_sms="Não quero mais SMS",
        nothing="Não quero mais nenhuma mensagem",
        left="Feito. A partir de agora deixa de receber:",
        mail="e-mails",
        sms="SMS",
        after_all="Afinal quero recebê-las",
        back="Vai continuar a receber as nossas mensagens.",
        dead="Esta ligação já não é válida",
        instead="Responda à mensagem com a palavra “remover”.",
        closed="Este formulário está fechado",
        once_more="Preencha o formulário mais uma vez, por favor.",
        busy="Este formulário está a receber demasiados envios. Tente mais tarde, por favor.",
        confirm="Confirmar",
        really="O endereço {address} é seu, e {office} pode escrever-lhe?",
        confirmed="Obrigado. Está confirmado.",
        look="Quase pronto. Siga a ligação no e-mail que acabámos de lhe enviar.",
        wrong="Corrija o que está assinalado, por favor.",
        required="É obrigatório",
        invalid="Não se consegue ler",
        mail_subject="Confirme o seu endereço, por favor",
        mail_text="Alguém escreveu este endereço num formulário de {office}. Se foi você, "
        "confirme aqui:\n\n{link}\n\nSe não foi, não faça nada: não voltará a ter notícias nossas.",
    ),
    "it": Words(
        leave="Annulla l’iscrizione",
        whose="Messaggi di {office} a {address}",
        no_mail="Niente più e-mail",
        no_sms="Niente più SMS",
        nothing="Nessun altro messaggio",
        left="Fatto. D’ora in poi non riceverà più:",
        mail="e-mail",
        sms="SMS",
        after_all="Voglio riceverli lo stesso",
        back="Continuerà a ricevere i nostri messaggi.",
        dead="Questo link non è più valido",
        instead="Risponda al messaggio con la parola «cancellami».",
        closed="Questo modulo è chiuso",
        once_more="Compili il modulo ancora una volta, per favore.",
        busy="In questo momento arrivano troppi invii di questo modulo. Riprovi più tardi.",
        confirm="Conferma",
        really="L’indirizzo {address} è suo, e {office} può scriverle?",
        confirmed="Grazie. È confermato.",
        look="Manca poco. Segua il link nell’e-mail che le abbiamo appena mandato.",
        wrong="Corregga quanto è segnalato, per favore.",
        required="È obbligatorio",
        invalid="Non è leggibile",
        mail_subject="Confermi il suo indirizzo, per favore",
        mail_text="Qualcuno ha inserito questo indirizzo in un modulo di {office}. Se è stato "
        "lei, lo confermi qui:\n\n{link}\n\nAltrimenti non faccia nulla: non riceverà altro da "
        "noi.",
    ),
    "pl": Words(
        leave="Wypisz się",
        whose="Wiadomości od {office} na adres {address}",
        no_mail="Bez dalszych e-maili",
        no_sms="Bez dalszych SMS-ów",
        nothing="Bez żadnych wiadomości",
        left="Gotowe. Od teraz nie będzie już:",
        mail="e-maili",
        sms="SMS-ów",
        after_all="Jednak chcę je otrzymywać",
        back="Nadal będziemy się odzywać.",
        dead="Ten odnośnik już nie działa",
        instead="Prosimy odpowiedzieć na wiadomość słowem „rezygnuję”.",
        closed="Ten formularz jest zamknięty",
        once_more="Prosimy wypełnić formularz jeszcze raz.",
        busy="Przychodzi teraz zbyt wiele takich formularzy. Prosimy spróbować później.",
        confirm="Potwierdź",
        really="Czy {address} to Pani/Pana adres i czy {office} może na niego pisać?",
        confirmed="Dziękujemy. Potwierdzone.",
        look="Prawie gotowe. Prosimy otworzyć odnośnik z wysłanego właśnie e-maila.",
        wrong="Prosimy poprawić zaznaczone pola.",
        required="To pole jest wymagane",
        invalid="Nie da się tego odczytać",
        mail_subject="Prosimy potwierdzić adres",
        mail_text="Ktoś wpisał ten adres w formularzu {office}. Jeśli to Pani/Pan, prosimy o "
        "potwierdzenie:\n\n{link}\n\nJeśli nie, nie trzeba nic robić: więcej nie napiszemy.",
    ),
    "uk": Words(
        leave="Відписатися",
        whose="Повідомлення від {office} на адресу {address}",
        no_mail="Більше жодних листів",
        no_sms="Більше жодних SMS",
        nothing="Більше жодних повідомлень",
        left="Готово. Відтепер ви не отримуватимете:",
        mail="листи",
        sms="SMS",
        after_all="Усе-таки хочу їх отримувати",
        back="Ви й далі отримуватимете наші повідомлення.",
        dead="Це посилання вже не діє",
        instead="Дайте відповідь на лист словом «відписатися».",
        closed="Цю форму закрито",
        once_more="Заповніть форму ще раз, будь ласка.",
        busy="Зараз надходить забагато таких форм. Спробуйте, будь ласка, пізніше.",
        confirm="Підтвердити",
        really="Чи {address} — ваша адреса і чи може {office} писати вам?",
        confirmed="Дякуємо. Підтверджено.",
        look="Майже готово. Перейдіть за посиланням у листі, який ми щойно надіслали.",
        wrong="Виправте, будь ласка, позначене.",
        required="Це обов’язкове поле",
        invalid="Це не читається",
        mail_subject="Підтвердьте, будь ласка, свою адресу",
        mail_text="Хтось увів цю адресу у формі {office}. Якщо це були ви, підтвердьте "
        "тут:\n\n{link}\n\nЯкщо ні, нічого не робіть: ми більше не писатимемо.",
    ),
}


def preferred(accepted: str) -> str:
    """Return the language that a reader wants most, by an Accept-Language header."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:400].split(",")[:20]):
        name, _, quality = part.partition(";")
        code = name.strip().lower().partition("-")[0]
        if code in WORDS:
            wanted.append((-_weight(quality), place, code))
    return min(wanted)[2] if wanted else "en"


def _weight(quality: str) -> float:
    said = quality.strip().removeprefix("q=")
    try:
        return min(1.0, max(0.0, float(said))) if quality.strip() else 1.0
    except ValueError:
        return 0.0
