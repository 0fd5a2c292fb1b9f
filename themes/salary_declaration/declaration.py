"""What a salary declaration says once: the year, who declares, what the file states about itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from core.declare.declaration import Declaration, Fieldset
from core.declare.kinds import Boolean, Email, Integer, LongText, Money, Phone, Text, Year
from core.jurisdictions.ch.kinds import BranchNumber, Uid
from core.kernel.text import N_

CURRENCY = "CHF"


class SalaryDeclaration(Declaration):
    """The yearly declaration of wages; its rows are :class:`~themes.salary_declaration.rows.SalaryRow`.

    The stated totals are compared with the rows (check S-04); empty ones are not compared.
    """

    fieldsets: ClassVar[tuple[Fieldset, ...]] = (
        Fieldset(N_("Declaration"), ("year", "nil", "replaces", "remark")),
        Fieldset(
            N_("Company"),
            ("company_name", "enterprise_number", "affiliate_number", "fund_number"),
        ),
        Fieldset(N_("Contact"), ("contact_name", "contact_email", "contact_phone")),
        Fieldset(
            N_("Other insurers"),
            ("accident_insurer", "pension_fund"),
            N_("The fund must check that your company is insured against accidents and for pensions."),
        ),
        Fieldset(
            N_("Totals stated in your file"),
            (
                "stated_ahv", "stated_ahv_open", "stated_alv", "stated_alv_open", "stated_alvz",
                "stated_ahv_entries", "stated_fak_entries", "stated_fak_cantons",
            ),
            N_("Filled in from the file and compared with the rows. Empty entries are not compared."),
        ),
        Fieldset(N_("Origin"), ("software", "test_case")),
    )  # fmt: skip

    year: Annotated[
        int,
        Year(label=N_("Accounting year"), earliest=1948, help=N_("The year in which the wages were paid.")),
    ]
    nil: Annotated[
        bool | None,
        Boolean(
            label=N_("No wages were paid in this year"), required=False, empty_is_no=True,
            help=N_("Tick this to declare that there is nothing to declare."),
        ),
    ] = None  # fmt: skip
    replaces: Annotated[
        str | None,
        Text(
            label=N_("Replaces declaration"), required=False, max_length=100,
            help=N_("The identifier of the accepted declaration that this one replaces."),
        ),
    ] = None  # fmt: skip
    remark: Annotated[str | None, LongText(label=N_("Remark to the fund"), required=False, max_length=2000)] = None
    company_name: Annotated[str | None, Text(label=N_("Company"), required=False, autocomplete="organization")] = None
    enterprise_number: Annotated[
        str | None,
        Uid(label=N_("Enterprise number (UID)"), required=False),
    ] = None
    affiliate_number: Annotated[str | None, Text(label=N_("Your affiliate number"), required=False, max_length=40)] = (
        None
    )
    fund_number: Annotated[
        str | None,
        BranchNumber(label=N_("Number of the fund"), required=False, examples=("028.000",)),
    ] = None
    contact_name: Annotated[str | None, Text(label=N_("Contact"), required=False, autocomplete="name")] = None
    contact_email: Annotated[str | None, Email(label=N_("E-mail"), required=False, autocomplete="email")] = None
    contact_phone: Annotated[str | None, Phone(label=N_("Telephone"), required=False, autocomplete="tel")] = None
    accident_insurer: Annotated[
        str | None,
        Text(
            label=N_("Accident insurer"), required=False, max_length=300, source="LAA art. 66 (RS 832.20)",
            help=N_("Its name, or the reason why there is none."),
        ),
    ] = None  # fmt: skip
    pension_fund: Annotated[
        str | None,
        Text(
            label=N_("Pension fund"), required=False, max_length=300, source="LPP art. 11 (RS 831.40)",
            help=N_("Its name, or the reason why there is none."),
        ),
    ] = None  # fmt: skip
    stated_ahv: Annotated[
        Decimal | None, Money(label=N_("Stated total of AHV wages"), required=False, currency=CURRENCY)
    ] = None
    stated_ahv_open: Annotated[
        Decimal | None, Money(label=N_("Stated total of exempt AHV wages"), required=False, currency=CURRENCY)
    ] = None
    stated_alv: Annotated[
        Decimal | None, Money(label=N_("Stated total of ALV wages"), required=False, currency=CURRENCY)
    ] = None
    stated_alv_open: Annotated[
        Decimal | None, Money(label=N_("Stated total of wages free of ALV"), required=False, currency=CURRENCY)
    ] = None
    stated_alvz: Annotated[
        Decimal | None, Money(label=N_("Stated total of ALV solidarity wages"), required=False, currency=CURRENCY)
    ] = None
    stated_ahv_entries: Annotated[int | None, Integer(label=N_("Stated number of AHV entries"), required=False)] = None
    stated_fak_entries: Annotated[
        int | None, Integer(label=N_("Stated number of family-allowance entries"), required=False)
    ] = None
    stated_fak_cantons: Annotated[
        str | None,
        LongText(
            label=N_("Stated totals of family allowances per canton"), required=False,
            help=N_("One line per canton: canton, wage, allowances paid. Such as: FR 224900.00 5800.00"),
        ),
    ] = None  # fmt: skip
    software: Annotated[str | None, Text(label=N_("Payroll program"), required=False, max_length=200)] = None
    test_case: Annotated[bool | None, Boolean(label=N_("This is a test"), required=False, empty_is_no=True)] = None
