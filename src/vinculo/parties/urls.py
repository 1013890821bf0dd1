"""Addresses of this room that are no lists, records or forms."""

from django.urls import path

from vinculo.parties import views
from vinculo.parties.cards import views as cards
from vinculo.parties.collisions import views as collisions
from vinculo.parties.confirming import public
from vinculo.parties.confirming import views as confirming
from vinculo.parties.cycle import views as cycle
from vinculo.parties.matching import views as matching
from vinculo.parties.merging import views as merging
from vinculo.parties.portraits import views as portraits
from vinculo.parties.registry import views as registry
from vinculo.parties.standardising import views as standardising

COMPANY, PERSON = {"key": "parties.company"}, {"key": "parties.person"}

urlpatterns = [
    path("companies/hints", views.hints, {"kind": "company"}, name="company_hints"),
    path("people/hints", views.hints, {"kind": "person"}, name="person_hints"),
    path("companies/ask", collisions.ask, {"kind": "company"}, name="company_ask"),
    path("people/ask", collisions.ask, {"kind": "person"}, name="person_ask"),
    path("settings/collisions", collisions.rules, name="settings_collisions"),
    path("settings/collisions/new", collisions.new, name="settings_collision_new"),
    path("settings/collisions/preview", collisions.preview, name="settings_collision_preview"),
    path("settings/collisions/<int:pk>", collisions.edit, name="settings_collision"),
    path(
        "settings/collisions/<int:pk>/found", collisions.found_by, name="settings_collisions_found"
    ),
    path("settings/collisions/<int:pk>/switch", collisions.switch),
    path("settings/collisions/<int:pk>/move", collisions.move),
    path("settings/collisions/<int:pk>/delete", collisions.delete),
    path("companies/merge", merging.merge_records, COMPANY, name="company_merge"),
    path("people/merge", merging.merge_records, PERSON, name="person_merge"),
    path("companies/<int:pk>/merge", merging.merge_with, COMPANY, name="company_merge_with"),
    path("people/<int:pk>/merge", merging.merge_with, PERSON, name="person_merge_with"),
    path("companies/vcards", cards.cards, COMPANY, name="company_cards"),
    path("people/vcards", cards.cards, PERSON, name="person_cards"),
    path("companies/<int:pk>/vcard", cards.card, COMPANY, name="company_card"),
    path("people/<int:pk>/vcard", cards.card, PERSON, name="person_card"),
    path("companies/<int:pk>/vcard.svg", cards.code, COMPANY, name="company_card_code"),
    path("people/<int:pk>/vcard.svg", cards.code, PERSON, name="person_card_code"),
    path("companies/confirm", confirming.ask_selected, COMPANY, name="company_confirm_many"),
    path("people/confirm", confirming.ask_selected, PERSON, name="person_confirm_many"),
    path("companies/<int:pk>/confirm", confirming.ask, COMPANY, name="company_confirm"),
    path("people/<int:pk>/confirm", confirming.ask, PERSON, name="person_confirm"),
    path("confirm-links/<int:pk>/end", confirming.end, name="confirm_link_end"),
    path("confirm/thanks", public.thanks, name="confirm_thanks"),
    path("confirm/<str:token>", public.confirm, name="confirm"),
    path("confirm/<str:token>/opened", public.opened, name="confirm_opened"),
    path("proposed", confirming.proposed, name="proposed"),
    path("proposed/accept", confirming.accept, name="proposed_accept"),
    path("proposed/<int:pk>", confirming.proposal, name="proposal"),
    path("settings/confirming", confirming.confirming_settings, name="settings_confirming"),
    path("companies/<int:pk>/picture", portraits.picture, COMPANY, name="company_picture"),
    path("people/<int:pk>/picture", portraits.picture, PERSON, name="person_picture"),
    path("companies/register/suggest", registry.suggest, name="register_suggest"),
    path("companies/register/new", registry.new_from_register, COMPANY, name="register_new"),
    path("companies/<int:pk>/register", registry.fill, COMPANY, name="register_fill"),
    path("duplicates", matching.duplicates, name="duplicates"),
    path("duplicates/find", matching.find, name="duplicates_find"),
    path("duplicates/different", matching.different, name="duplicates_different"),
    path("duplicates/merge", matching.merge_all, name="duplicates_merge"),
    path("settings/cycle", cycle.rules, name="settings_cycle"),
    path("settings/cycle/new", cycle.new, name="settings_cycle_new"),
    path("settings/cycle/run", cycle.run, name="settings_cycle_run"),
    path("settings/cycle/<int:pk>", cycle.rule_page, name="settings_cycle_rule"),
    path("settings/cycle/<int:pk>/edit", cycle.edit, name="settings_cycle_edit"),
    path("settings/cycle/<int:pk>/switch", cycle.switch, name="settings_cycle_switch"),
    path("settings/cycle/<int:pk>/move", cycle.reorder, name="settings_cycle_move"),
    path("settings/cycle/<int:pk>/delete", cycle.delete, name="settings_cycle_delete"),
    path("settings/standardising", standardising.rules, name="settings_standardising"),
    path("settings/standardising/preview", standardising.preview, name="standardising_preview"),
    path("settings/standardising/runs/<int:pk>", standardising.run_page, name="standardising_run"),
    path(
        "settings/standardising/runs/<int:pk>/apply",
        standardising.apply,
        name="standardising_apply",
    ),
    path(
        "settings/standardising/<slug:key>/switch",
        standardising.switch,
        name="standardising_switch",
    ),
    path("companies/<int:pk>/typed", standardising.restore, COMPANY, name="company_typed"),
    path("people/<int:pk>/typed", standardising.restore, PERSON, name="person_typed"),
    path("contacts/<int:pk>/menu", views.point_menu, name="contact_menu"),
    path("contacts/<int:pk>/edit", views.edit_point, name="contact_edit"),
    path("contacts/<int:pk>/remove", views.remove_point, name="contact_remove"),
    path("contacts/<int:pk>/primary", views.make_primary, name="contact_primary"),
    path("contacts/<int:pk>/verified", views.mark_verified, name="contact_verified"),
    path("contacts/<int:pk>/do-not-contact", views.mark_refused, name="contact_refused"),
    path("relations/<int:pk>/edit", views.edit_relation, name="relation_edit"),
    path("relations/<int:pk>/end", views.end_relation, name="relation_end"),
]
