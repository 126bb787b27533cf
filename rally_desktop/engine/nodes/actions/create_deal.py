"""Action: create a deal."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.core.schema import Number, Pick, Text, YesNo
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import deals


class CreateDeal(StepKind, frozen=True):
    """Opens a deal with the contact or the company, owned by whoever owns that record.

    A contact's deal is linked to the contact's company, too; for a deal it opens a further one
    with the same contact and company. Without a pipeline or stage it is the first there is.
    """

    title: ClassVar = "Create deal"
    icon: ClassVar = "handshake"
    family: ClassVar[Family] = "record"
    says: ClassVar = "“{deal}”"
    example: ClassVar = {"deal": "Quote", "stage": "Qualified"}
    words: ClassVar = ("opportunity", "pipeline", "sale", "new")

    deal: Annotated[str, Text("Name", merge=True)]
    pipeline: Annotated[
        str, Pick("Pipeline", help="Empty: the first.", source="pipeline", required=False)
    ] = ""
    stage: Annotated[
        str, Pick("Stage", help="Empty: the first.", source="stage", required=False)
    ] = ""
    amount: Annotated[float | None, Number("Amount", required=False, least=0)] = None
    once: Annotated[bool, YesNo("Not if there is an open deal")] = True

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the pipeline has no such stage."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Create the deal, within the run's transaction."""
        if self.once and here.ref.kind != "deal" and deals.open_of(work, here.ref, self.pipeline):
            return Skipped("deal_open", "There is an open deal already.")
        name = here.merge(self.deal)
        values = {
            "name": name, "pipeline": self.pipeline, "stage": self.stage, "amount": self.amount,
            "owner_id": here.record["owner_id"], **_linked(here),
        }  # fmt: skip
        try:
            ref = deals.create(work, values)
        except Refused as error:
            return Failed("no_stage", str(error))
        except (BadSettings, NotFound) as error:
            return Failed("bad_settings", str(error))
        return Done(f"Created the deal “{name}”.", detail={"deal": ref.id})

    def sentence(self) -> str:
        """Say the name, and where it starts."""
        stage = f" in {self.stage}" if self.stage else ""
        return f"“{Text('', merge=True).say(self.deal)}”{stage}"


def _linked(here: Here) -> dict[str, int | None]:
    """Return the contact and the company that the deal is with."""
    own = {f"{here.ref.kind}_id": here.ref.id}
    known = {name: here.record.get(name) for name in ("contact_id", "company_id")}
    return {**known, **own} if here.ref.kind != "deal" else known
