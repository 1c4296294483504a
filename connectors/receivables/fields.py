"""What the importer knows of each kind of file: its fields, which of them it needs, and their usual headers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from domain.receivables import Kind


@dataclass(frozen=True, slots=True)
class Field:
    """`headers` are usual names, folded. `about` is what a person calls it."""

    name: str
    about: str
    headers: frozenset[str]
    is_required: bool = False


def fold_header(header: str) -> str:
    """ "Invoice No." and "invoice_no" are one header."""
    text = unicodedata.normalize("NFKC", header).casefold().replace("#", "no")
    return re.sub(r"[\W_]+", "", text)


def _field(name: str, about: str, headers: str, *, required: bool = False) -> Field:
    return Field(name, about, frozenset({fold_header(name), *headers.split()}), required)


_ID = "customerid customerno customernumber customercode custid accountid accountno accountnumber clientid debtorno"
_CUSTOMER_ID = _field("customer_id", "the customer's id", _ID, required=True)

_ABOUT_CUSTOMER = (
    _field("domain", "the customer's domain", "customerdomain website web customerwebsite"),
    _field("country", "the country", "countrycode billingcountry customercountry"),
    _field("region", "the region", "state province billingstate billingregion customerregion"),
    _field("zone", "the time zone", "timezone customertimezone customerzone tz"),
    _field("industry", "the industry", "sector customerindustry"),
    _field("owner_email", "the owner's address", "accountowner owner salesrep salesrepemail accountowneremail"),
    _field("renewal_on", "the renewal date", "renewaldate renewal nextrenewal contractrenewal contractend"),
    _field("legal_hold", "the legal hold", "hold onlegalhold"),
    _field("risk", "the risk (low, medium or high)", ""),
    _field("aliases", "other names", "alias alsoknownas aka tradingname tradingas othernames"),
)
_CONTACT_EMBEDDED = (
    _field("contact_email", "the contact's address", "email emailaddress billingemail apemail invoiceemail payeremail"),
    _field("contact_name", "the contact's name", "contact billingcontact apcontact payercontact contactperson"),
)
_NAME = "customer clientname client company companyname accountname account debtor debtorname billto"

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.CUSTOMERS: (
        _field("customer_id", "the customer's id", f"{_ID} externalid id number code", required=True),
        _field("customer_name", "the customer's name", f"{_NAME} name", required=True),
        *_ABOUT_CUSTOMER,
        *_CONTACT_EMBEDDED,
    ),
    Kind.CONTACTS: (
        _CUSTOMER_ID,
        _field("contact_email", "the contact's address", "email emailaddress mail address billingemail", required=True),
        _field("contact_name", "the contact's name", "name fullname contact contactperson"),
        _field("is_primary", "whether it is the main contact", "primary main maincontact primarycontact default"),
        _field("contact_zone", "the contact's time zone", "zone timezone tz contacttimezone"),
    ),
    Kind.INVOICES: (
        _field(
            "invoice_number",
            "the invoice number",
            "invoiceno invoiceid invoice invno invnumber documentnumber documentno docno billno billnumber number",
            required=True,
        ),
        _CUSTOMER_ID,
        _field(
            "issued_on",
            "the invoice date",
            "invoicedate issued issuedate dateissued documentdate docdate billdate date",
            required=True,
        ),
        _field("due_on", "the due date", "duedate due netduedate paymentduedate duebydate maturitydate", required=True),
        _field(
            "amount",
            "the invoice amount",
            "invoiceamount total totalamount invoicetotal originalamount grossamount amountgross",
            required=True,
        ),
        _field(
            "balance",
            "what is left to pay",
            "amountdue openamount openbalance outstanding outstandingamount balancedue remaining "
            "remainingamount amountopen invoicebalance",
            required=True,
        ),
        _field("currency", "the currency", "currencycode invoicecurrency curr ccy iso4217", required=True),
        _field("state", "open, paid or void", "status invoicestatus invoicestate paymentstatus"),
        _field(
            "paid_on",
            "the day it was paid",
            "paiddate datepaid settleddate settledon paymentdate cleareddate closeddate",
        ),
        _field(
            "pay_link", "the pay link", "paylink paymentlink payurl paymenturl invoicelink paylinkurl hostedinvoiceurl"
        ),
        _field(
            "pay_link_expires",
            "when the pay link ends",
            "paylinkexpiry paylinkexpires paylinkexpiresat linkexpiry paymentlinkexpiry",
        ),
        _field("disputed", "whether it is disputed", "isdisputed indispute dispute disputeflag"),
        _field("customer_name", "the customer's name", _NAME),
        *(field for field in _ABOUT_CUSTOMER if field.name not in ("region", "aliases")),
        _field("region", "the region", "province billingstate billingregion customerregion"),
        *_CONTACT_EMBEDDED,
    ),
    Kind.PAYMENTS: (
        _field(
            "payment_id", "the payment's id", "paymentno paymentnumber receiptno receiptid transactionid externalid id"
        ),
        _field("customer_id", "the customer's id", f"{_ID} payerid", required=True),
        _field("invoice_number", "the invoice number", "invoiceno invoiceid invoice appliedto appliedinvoice"),
        _field(
            "received_on",
            "the day it came in",
            "paymentdate date received receiveddate datereceived receiptdate valuedate bookingdate paidon paiddate",
            required=True,
        ),
        _field(
            "amount",
            "the amount paid",
            "paymentamount amountpaid paidamount received receivedamount receiptamount",
            required=True,
        ),
        _field("currency", "the currency", "currencycode paymentcurrency curr ccy", required=True),
        _field("reference", "the reference", "paymentreference remittance memo ref remittancetext description"),
    ),
    Kind.NOTES: (
        _field("note_id", "the note's id", "id noteno externalid"),
        _CUSTOMER_ID,
        _field("department", "the department (A/R, CSM, Legal or Sales)", "team dept tag", required=True),
        _field("author", "who wrote it", "writtenby createdby user by", required=True),
        _field("body", "the note", "note text comment notes comments notetext", required=True),
        _field(
            "written_at",
            "when it was written",
            "date writtenon created createdat createdon notedate timestamp",
            required=True,
        ),
    ),
}
FIELDS[Kind.OPEN_ITEMS] = FIELDS[Kind.INVOICES]

DATES = frozenset({"issued_on", "due_on", "paid_on", "renewal_on", "received_on"})
"""Days. Their format is detected over the whole column."""

INSTANTS = frozenset({"written_at", "pay_link_expires"})
"""Instants, which may be written as days."""

AMOUNTS = frozenset({"amount", "balance"})
NAMES = frozenset(field.name for fields in FIELDS.values() for field in fields)
