"""Who asks for no more mail is heard, and nobody else is taken to ask."""

from __future__ import annotations

import pytest

from rally_desktop.outside.mail.arrived import Arrived
from rally_desktop.outside.mail.wishes import asks_to_stop


@pytest.mark.parametrize(
    "text",
    [
        "unsubscribe",
        "Please unsubscribe",
        "STOP",
        "please take me off your list",
        "Kindly remove my email from your database.",
        "Stop emailing me",
        "Do not contact me again.",
        "I no longer wish to receive these emails",
        "No more emails please",
        "Bitte abmelden.",
        "Ich möchte keine E-Mails mehr von Ihnen erhalten.",
        "Bitte löschen Sie meine E-Mail-Adresse.",
        "Bitte streichen Sie mich von Ihrer Liste.",
        "Kontaktieren Sie mich nicht mehr.",
        "Keine weiteren Mails!",
        "Désinscription",
        "Merci de ne plus m'écrire.",
        "Veuillez me désinscrire de votre liste.",
        "Je ne souhaite plus recevoir vos messages.",
        "Baja",
        "No deseo recibir más correos.",
        "Por favor elimínenme de su base de datos.",
        "Não me envie mais e-mails.",
        "Quero cancelar a minha subscrição.",
        "Cancellatemi dalla lista",
        "Non scrivetemi più.",
        "Non voglio più ricevere email.",
        "Proszę mnie wypisać z listy.",
        "Proszę o nie wysyłanie wiadomości.",
        "Nie życzę sobie takich wiadomości.",
        "Відпишіть мене.",
        "Не надсилайте мені більше листів.",
        "Прошу видалити мене зі списку.",
        "Leave me alone.",
        "Lassen Sie mich in Ruhe!",
        "Borre mis datos, por favor.",
        "Chiedo la cancellazione dei miei dati.",
        "Nie wysyłajcie mi więcej maili.",
        "Прошу більше не надсилати мені листи.",
        "Basta con queste email!",
        "Parem de me enviar e-mails.",
        "Merci d'arrêter vos envois.",
    ],
)
def test_a_wish_is_understood(text):
    """In eight languages, with greeting, closing and signature around it."""
    assert asks_to_stop(Arrived(subject="Re: Offer"), text)
    assert asks_to_stop(Arrived(), f"Hello Sam,\n\n{text}\n\nRegards\nAna Ruiz\n{'x' * 600}")


@pytest.mark.parametrize(
    "text",
    [
        "Stop by any time!",
        "Please stop the order, we found a cheaper one.",
        "Take me through the list on Thursday.",
        "Ich habe keine weiteren Fragen.",
        "Ich habe noch keine E-Mails von Ihnen bekommen.",
        "Keine Werbung nötig, wir kaufen.",
        "No problem.",
        "Can I unsubscribe colleagues in your product?",
        "How do I remove contacts from a list?",
        "Non ho più domande.",
        "Nie mam więcej pytań.",
        "Não posso mais cedo.",
        "Baja el precio y hablamos.",
        "I don't want to receive it on Friday, Monday is better.",
        "Ne m'appelez plus sur le fixe, prenez le portable.",
        "Не пишіть дату, її ще немає.",
        "",
        "Please send me no more than two offers.",
        "Bitte löschen Sie den zweiten Posten.",
        "No quiero más de diez piezas.",
        "Vorrei cancellare l'appuntamento di giovedì.",
        "Stop the press: we won!",
        "Надсилайте листи на нову адресу.",
        "Não recebi mais e-mails depois de segunda.",
    ],
)
def test_other_words_are_no_wish(text):
    """The same words about other things, and questions, are a reply like any other."""
    assert not asks_to_stop(Arrived(subject="Re: Offer"), text)


@pytest.mark.parametrize("subject", ["unsubscribe", "Re: STOP", "Abmelden", "AW: Désinscription"])
def test_the_subject_alone_may_say_it(subject):
    """An empty message with the word as its subject is what mail programs send by themselves."""
    assert asks_to_stop(Arrived(subject=subject), "")
    assert not asks_to_stop(Arrived(subject=subject), "We should talk about this. " * 30)
