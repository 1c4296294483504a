"""Promises and disputes: reports, the record, Legal's part."""

from __future__ import annotations

from datetime import datetime

from domain.commitments import Resolution
from domain.duties import AbsenceSet, DutyRoster, DutySet, HandingShown, InvalidAbsence, ReportHanded
from domain.legal_holds import HoldChanged
from domain.outcomes import Refused
from domain.reporting import (
    Acknowledged,
    DisputeChanged,
    DisputeDraft,
    Draft,
    HistoryShown,
    MyReports,
    PromiseChanged,
    PromiseDraft,
    RecordQueue,
    Reported,
    ReportForm,
    Settled,
    Unacceptable,
)
from domain.usecases.acknowledge_report import acknowledge_report
from domain.usecases.answer_dispute import answer_dispute
from domain.usecases.correct_report import correct_report
from domain.usecases.hand_report import hand_report, show_handing
from domain.usecases.lift_legal_hold import lift_legal_hold
from domain.usecases.loop_in_legal import loop_in_legal
from domain.usecases.my_reports import my_reports
from domain.usecases.open_history import dispute_history, promise_history
from domain.usecases.open_report_form import open_report_form
from domain.usecases.open_roster import open_roster
from domain.usecases.place_legal_hold import place_legal_hold
from domain.usecases.record_queue import record_queue
from domain.usecases.record_report import record_report
from domain.usecases.reject_report import reject_report
from domain.usecases.report_dispute import report_dispute
from domain.usecases.report_promise import report_promise
from domain.usecases.resolve_dispute import resolve_dispute
from domain.usecases.set_absence import set_absence
from domain.usecases.set_duty import set_duty
from domain.usecases.withdraw_promise import withdraw_promise
from handlers.cases.asking import Asking


class ReportCases(Asking):
    __slots__ = ()

    def open_report_form(self, account_id: int, *, report_id: int | None = None) -> ReportForm | Refused:
        return open_report_form(
            account_id, report_id=report_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def report_promise(self, draft: PromiseDraft, *, origin: str) -> Reported | Unacceptable | Refused:
        return report_promise(
            draft, origin=origin, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def report_dispute(self, draft: DisputeDraft, *, origin: str) -> Reported | Unacceptable | Refused:
        return report_dispute(
            draft, origin=origin, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def acknowledge_report(self, report_id: int) -> Acknowledged | Refused:
        return acknowledge_report(report_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def record_report(self, report_id: int) -> Settled | Unacceptable | Refused:
        return record_report(report_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def correct_report(self, report_id: int, draft: Draft) -> Settled | Unacceptable | Refused:
        return correct_report(
            report_id, draft, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def reject_report(self, report_id: int, *, why: str) -> Settled | Unacceptable | Refused:
        return reject_report(
            report_id, why=why, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def show_handing(self, report_id: int) -> HandingShown | Refused:
        return show_handing(report_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def hand_report(self, report_id: int, user_id: int) -> ReportHanded | Refused:
        return hand_report(report_id, user_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def loop_in_legal(self, dispute_id: int) -> DisputeChanged | Refused:
        return loop_in_legal(dispute_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def answer_dispute(self, dispute_id: int, *, text: str) -> DisputeChanged | Unacceptable | Refused:
        return answer_dispute(
            dispute_id, text=text, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def resolve_dispute(
        self, dispute_id: int, *, resolution: Resolution, why: str
    ) -> DisputeChanged | Unacceptable | Refused:
        return resolve_dispute(
            dispute_id,
            resolution=resolution,
            why=why,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def withdraw_promise(self, promise_id: int, *, why: str) -> PromiseChanged | Unacceptable | Refused:
        return withdraw_promise(
            promise_id, why=why, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def place_legal_hold(self, account_id: int, *, why: str) -> HoldChanged | Unacceptable | Refused:
        return place_legal_hold(
            account_id, why=why, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def lift_legal_hold(self, account_id: int, *, why: str) -> HoldChanged | Unacceptable | Refused:
        return lift_legal_hold(
            account_id, why=why, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook
        )

    def record_queue(self) -> RecordQueue | Refused:
        return record_queue(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def promise_history(self, promise_id: int) -> HistoryShown | Refused:
        return promise_history(promise_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def dispute_history(self, dispute_id: int) -> HistoryShown | Refused:
        return dispute_history(dispute_id, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def my_reports(self) -> MyReports | Refused:
        return my_reports(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def open_roster(self) -> DutyRoster | Refused:
        return open_roster(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def set_duty(self, user_id: int, account_id: int | None, *, keeps: bool) -> DutySet | Refused:
        return set_duty(
            user_id,
            account_id,
            keeps=keeps,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def set_absence(
        self, user_id: int, *, starts_at: datetime, ends_at: datetime | None, stand_in: int | None
    ) -> AbsenceSet | InvalidAbsence | Refused:
        return set_absence(
            user_id,
            starts_at=starts_at,
            ends_at=ends_at,
            stand_in=stand_in,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )
