"""Other words under which people look for a section; each language has its own."""

from __future__ import annotations

from core.kernel.text import N_

SYNONYMS = {
    "branding": N_("brand, appearance, design, picture, favicon, stylesheet, corporate identity"),
    "languages": N_("translation, French, German, Italian, English"),
    "locale": N_("place, time, money, law, canton, ISO"),
    "themes": N_("offer, introduce, pilot, step by step, switch off, procedures, forms"),
    "contact": N_("telephone, opening hours, counter, support, help desk"),
    "notices": N_("announcement, news, information, banner, dashboard"),
    "legal": N_("imprint, GDPR, privacy, cookies, subcontractors, accessibility, terms"),
    "requirements": N_("browser, version, cookies, JavaScript, screen, device, self-check"),
    "maintenance": N_("interruption, outage, downtime, closed, update"),
    "delivery": N_("letter, post, paper, electronic, shipping"),
    "retention": N_("archive, keep, delete, period, years, erase"),
    "texts": N_("template, mail, letter, wording, merge fields"),
    "desk": N_("four eyes, clerks, teams, decision, counter"),
    "deadlines": N_("due date, reminder, term, limit, threshold"),
    "calendar": N_("holidays, days off, working days, weekend"),
    "intake": N_("upload, attachment, size, Excel, PDF"),
    "sign_in": N_("login, password, two factors, session, logout"),
    "company_access": N_("users, members, administrators, review, recertification, end date, pause"),
    "sms": N_("text message, mobile, code, cost"),
}
