"""Who may open what: one line for every page and every API operation.

A page without a line fails the test. To add one:

    name of the URL           method  who is let in            how the others fare
    complaints:judge          POST    GM SM CM                 403 ST=404

GM general manager, SM store manager, CM customer-service manager, SV supervisor, TK complaint taker,
SP complaint specialist, EM employee without powers, AD administrator, ST stranger (specialist of another store),
AN anonymous (customers too). STAFF is everybody but AN; "-TK" takes one out again; ALL and NONE.
"How the others fare" is a status for staff that is refused, with exceptions; anonymous visitors are sent to the
sign-in (API: 401) unless it says AN=.. . A name may hold wildcards; the first line that fits decides.

Addresses with arguments take them from SAMPLES, by "app:page.argument", "app.argument" or "argument".
API operations are named "GET /api/v1/complaints".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from zhike.channels.models import Intake
from zhike.complaints import actions as complaints
from zhike.complaints.capa.models import CapaAction, CapaCase
from zhike.complaints.followups import Measure, OverdueSheet, Summary
from zhike.complaints.grumbles import actions as grumbles
from zhike.complaints.models import Capa, Complaint, Grant, Grumble
from zhike.complaints.models_after import CaseMember, Malice
from zhike.customers import actions as customers
from zhike.customers.contacts import actions as contacts
from zhike.customers.dossier import actions as dossier
from zhike.customers.dossier import models as dossier_models
from zhike.customers.importing import loading as importing
from zhike.customers.matching import actions as matching
from zhike.customers.models import Candidate, Customer, Interaction, Merge, Promise
from zhike.customers.tests.factories import a_customer
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.records import attachments
from zhike.kernel.records.models import Attachment, Record
from zhike.kernel.tallies.periods import Kind, Period
from zhike.manuals import actions as manuals
from zhike.manuals import queries as manual_queries
from zhike.manuals.models import Copy, Edition, Reference, Revision
from zhike.tracking.models import Activity, Moment, Observation, Plan

from . import bench_rows as bench
from . import care_rows, samples_visits
from . import samples_grading as grading
from .world import World

ROLES = {
    "GM": "general_manager",
    "SM": "store_manager",
    "CM": "manager",
    "SV": "supervisor",
    "TK": "taker",
    "SP": "specialist",
    "EM": "employee",
    "AD": "administrator",
    "ST": "stranger",
    "AN": None,
}

# addresses of the editor, which take a draft and not a version
DRAFT_PAGES = (
    "edit", "save_table", "save_text", "save_prose", "accept_gap", "take_back", "set_day", "drop_draft",
    "workbook", "markdown", "merge", "examples_from", "add_example",
)  # fmt: skip

MATRIX = """
people:sign_in              GET     ALL
people:demo_sign_in         POST    NONE                     404 AN=404
people:sign_out             POST    ALL
people:me                   GET     STAFF
people:password             GET     STAFF
people:preferences          POST    STAFF
people:deputy               POST    STAFF
people:end_absence          POST    CM AD                    302
people:staff                GET     GM SM CM SV AD           403
people:add_staff            GET     AD                       403
people:staff_member         GET     GM SM CM SV AD           403
people:correct_staff        GET     AD                       403
people:reset_password       POST    AD                       403
people:close_account        POST    AD                       403
people:reopen_account       POST    AD                       403
people:appoint              POST    AD                       403
people:staff_deputy         POST    AD                       403
people:end_appointment      POST    AD                       403
people:units                GET     STAFF
people:check                GET     GM SM CM SV AD           403
people:unit                 GET     AD                       403
people:establish            GET     AD                       403
people:add_unit             POST    AD                       403
people:add_region           POST    AD                       403
people:rename_unit          POST    AD                       403
people:move_unit            POST    AD                       403
people:close_unit           POST    AD                       403
people:place_post           POST    AD                       403
people:remove_post          POST    AD                       403
people:posts                GET     STAFF
people:post                 GET     GM SM CM SV AD           403
people:define_post          GET     AD                       403
people:describe_post        GET     AD                       403
people:write_duties         GET     AD                       403
people:retire_post          POST    AD                       403
people:grant                POST    AD                       403
people:revoke               POST    AD                       403
people:powers               GET     GM SM CM SV AD           403
people:add_power            POST    AD                       403
people:functions            GET     STAFF
people:authority            GET     GM SM CM SV SP AD ST     403
people:proposals            GET     GM SM CM SV              403
people:propose              GET     SM CM SV                 403
people:proposal             GET     GM SM CM SV              403
people:record_decision      POST    GM SM                    403
people:withdraw             POST    SM CM SV                 403
people:calendars            GET     CM AD                    403
people:calendar             GET     AD                       403 CM=404
people:open_calendar        POST    CM AD                    403
people:set_week             POST    AD                       403 CM=404
people:set_day              POST    AD                       403 CM=404
people:drop_day             POST    AD                       403 CM=404

ui:theme                    POST    ALL
ui:save_view                POST    STAFF
ui:drop_view                POST    STAFF
ui:columns                  POST    STAFF
ui:files                    GET     STAFF
# everybody sees the own files only
ui:file                     GET     NONE                     404
set_language                POST    ALL

# SP handles the complaint, TK has taken it, EM is the employee of a penalty
complaints:list             GET     GM SM CM SV TK SP ST     403
complaints:new              GET     GM SM CM SV TK SP ST     403
complaints:preview          POST    GM SM CM SV TK SP ST     403
complaints:suggest          POST    GM SM CM SV TK SP ST     403
complaints:suggestions      GET     GM SM CM SV              403
complaints:train_suggestions POST   GM SM CM SV              403
complaints:beside           GET     GM SM CM SV TK SP        403 ST=404
complaints:bulk_hand_over   POST    GM SM CM SV              403
complaints:report           GET     GM SM CM SV              403
complaints:reports          GET     GM SM CM SV              403
complaints:report_of        GET     GM SM CM SV              403
complaints:sign_analysis    GET     GM SM CM SV              403
complaints:summaries        GET     STAFF
complaints:summary          GET     GM SM CM SV              404
complaints:print_summary    GET     GM SM CM SV              404
complaints:measure          GET     GM SM CM SV              404
complaints:overdue          GET     GM SM CM SV TK SP ST     403
complaints:overdue_sheet    GET     GM SM CM SV TK SP        404
complaints:print_overdue    GET     GM SM CM SV TK SP        404
complaints:flow             GET     GM SM CM SV TK SP        403 ST=404
complaints:detail           GET     GM SM CM SV TK SP        403 ST=404
complaints:drawer           GET     GM SM CM SV TK SP        403 ST=404
complaints:ruling           GET     GM SM CM SV TK SP        403 ST=404
complaints:ruling_of        GET     GM SM CM SV TK SP        403 ST=404
complaints:date_why         GET     GM SM CM SV TK SP        403 ST=404
complaints:print            GET     GM SM CM SV TK SP        403 ST=404
complaints:step             POST    GM SM CM SV TK SP        403 ST=404
complaints:say              POST    GM SM CM SV TK SP        403 ST=404
complaints:add_files        POST    GM SM CM SV TK SP        403 ST=404
complaints:hand_over        POST    GM SM CM SV              403 ST=404
complaints:hand_up          POST    SP                       403 ST=404
complaints:change_facts     POST    GM SM CM SV TK SP        403 ST=404
complaints:classify         POST    GM SM CM SV TK SP        403 ST=404
complaints:mail             GET     GM SM CM SV TK SP        403 ST=404
complaints:compensate       POST    GM SM CM SV TK SP        403 ST=404
complaints:ask_grant        POST    GM SM CM SV TK SP        403 ST=404
complaints:decide_grant     POST    CM                       403 ST=404
complaints:correct          POST    GM SM CM SV TK           403 ST=404
complaints:void             POST    GM SM CM SV              403 ST=404
complaints:duplicates       GET     GM SM CM SV TK SP        403 ST=404
complaints:join             POST    GM SM CM SV TK SP        403 ST=404
complaints:part             POST    GM SM CM SV TK SP        403 ST=404
complaints:judge            POST    GM SM CM                 403 ST=404
complaints:confide          POST    GM SM CM SV SP           403 ST=404
complaints:end_confidence   POST    GM SM CM SV SP           403 ST=404
complaints:name_person      POST    GM SM CM SV SP           403 ST=404
complaints:remove_person    POST    GM SM CM SV SP           403 ST=404
complaints:reopen           POST    NONE                     403 ST=404
complaints:follow_up        POST    NONE                     403 ST=404
complaints:agree            POST    GM SM CM SV TK SP        403 ST=404
complaints:shares           GET     GM SM CM SV TK SP        403 ST=404
complaints:mark_malicious   POST    GM SM CM SV              403 ST=404
complaints:decide_malice    POST    GM SM CM SV              403 ST=404
complaints:revoke_malice    POST    GM SM CM SV              403 ST=404
complaints:capas            GET     GM SM CM SV TK SP ST     403
complaints:capa             GET     GM SM CM SV TK SP        404
complaints:start_capa       POST    GM SM CM SV TK SP        403 ST=404
complaints:describe_capa    POST    GM SM CM SV SP           404 TK=403
complaints:add_capa_case    POST    GM SM CM SV SP           404 TK=403
complaints:capa_whys        POST    GM SM CM SV TK SP        404
complaints:capa_causes      POST    GM SM CM SV TK SP        404
complaints:add_capa_action  POST    GM SM CM SV TK SP        404
complaints:finish_capa_action POST  GM SM CM SV SP           404 TK=403
complaints:remove_capa_action POST  GM SM CM SV TK SP        404
complaints:submit_capa      POST    GM SM CM SV TK SP        404
complaints:review_capa      POST    GM SM CM SP              404 SV=403 TK=403
complaints:check_capa_effect POST   GM SM CM SP              404 SV=403 TK=403
complaints:close_capa       POST    GM SM CM SV SP           404 TK=403
complaints:drop_capa        POST    GM SM CM SV SP           404 TK=403
complaints:confirm_recurrence POST  GM SM CM SV TK SP        403 ST=404
complaints:penalties        GET     STAFF
complaints:penalty          GET     GM SM CM EM              404
complaints:print_penalty    GET     GM SM CM EM              404
complaints:decide           POST    GM SM CM                 403
complaints:appeal           POST    EM                       404 GM=403 SM=403 CM=403
grumbles:list               GET     GM SM CM SV TK SP ST     403
grumbles:new                GET     GM SM CM SV TK SP ST     403
grumbles:report             GET     GM SM CM SV              403
grumbles:detail             GET     GM SM CM SV TK SP        403 ST=404
grumbles:drawer             GET     GM SM CM SV TK SP        403 ST=404
grumbles:settle             POST    GM SM CM SV TK SP        403 ST=404
grumbles:print              GET     GM SM CM SV TK SP        403 ST=404
complaint_import:upload     GET     CM                       403
complaint_import:columns    GET     CM                       403
complaint_import:detail     GET     CM                       403
complaint_portal:confirm    POST    ALL
complaint_portal:rate       POST    ALL
complaint_portal:*          GET     ALL

customers:list              GET     GM SM CM SV TK SP ST     403
customers:create            GET     GM SM CM SV TK SP ST     403
customers:look_up           GET     GM SM CM SV TK SP ST     403
customers:detail            GET     GM SM CM SV TK SP        403 ST=404
customers:beside            GET     GM SM CM SV TK SP        403 ST=404
customers:drawer            GET     GM SM CM SV TK SP        403 ST=404
customers:card              GET     GM SM CM SV TK SP        403 ST=404
customers:correct           GET     GM SM CM SV TK SP        403 ST=404
customers:close             POST    GM SM CM SV TK SP        403 ST=404
customers:reopen            POST    GM SM CM SV TK SP        403 ST=404
customers:add_phone         POST    GM SM CM SV TK SP        403 ST=404
customers:phone             GET     GM SM CM SV TK SP        403 ST=404
customers:reveal_phone      POST    GM SM CM SV SP           403 ST=404
customers:remove_phone      POST    GM SM CM SV TK SP        403 ST=404
# the survey waits for the manager's signature; CM proposed the destruction
customers:credit            GET     GM SM CM                 403
customers:credit_surveys    GET     GM SM CM                 403
customers:credit_risks      GET     GM SM CM                 403
customers:print_risks       GET     GM SM CM                 403
customers:credit_of         GET     GM SM CM                 403
customers:survey            GET     GM SM CM                 403
customers:print_survey      GET     GM SM CM                 403
customers:sign_survey       GET     GM SM CM                 403
customers:send_back_survey  GET     GM SM CM                 403
customers:guarantee         GET     GM SM CM                 403
customers:review_credit_change GET  GM SM CM                 403
customers:decide_rating     GET     GM SM                    403
customers:begin_survey      POST    CM                       403
customers:drop_survey       GET     CM                       403
customers:enter_credit_change GET   CM                       403
customers:enter_risk        GET     CM                       403
customers:end_risk          GET     CM                       403
customers:sell_on_account   GET     CM                       403
customers:collect_payment   GET     CM                       403
customers:charges           GET     GM SM CM                 403
customers:charges_of        GET     GM SM CM                 403
customers:print_charges     GET     GM SM CM                 403
customers:bill_charge       GET     CM                       403
customers:receive_charge    GET     CM                       403
customers:remind_charge     GET     CM                       403
customers:remit_charge      GET     GM SM                     403
customers:archives          GET     GM SM CM                 403
customers:archive_loans     GET     GM SM CM SV TK SP ST     403
customers:archive           GET     GM SM CM SV TK SP        403 ST=404
customers:announce_item     GET     GM SM CM SV TK SP        403 ST=404
customers:ask_loan          GET     GM SM CM SV TK SP        403 ST=404
customers:decide_loan       GET     GM SM CM                 403
customers:take_back         GET     CM                       403
customers:file_item         POST    CM                       403
customers:close_archive     GET     CM                       403
customers:move_archive      GET     CM                       403
customers:open_archive      GET     CM                       403
customers:archive_check*    GET     CM                       403
customers:begin_check       POST    CM                       403
customers:end_check         GET     CM                       403
customers:propose_destruction GET   CM                       403
customers:destruction*      GET     GM SM CM                 403
customers:sign_destruction  GET     GM SM CM                 403
customers:refuse_destruction GET    GM SM CM                 403
customers:rights_request*   GET     CM                       403
customers:answer_request    GET     CM                       403
customers:refuse_request    GET     CM                       403
customers:withdraw_consent  GET     CM                       403
customers:erase             GET     CM                       403
customers:copy_of           GET     CM                       403
customers:receive_request   GET     CM                       403
customers:releases          GET     GM SM CM SV TK SP ST     403
customers:ask_release       GET     GM SM CM SV TK SP ST     403
customers:decide_release    GET     GM SM CM                 403
customers:exports           GET     GM SM CM AD              403
customers:breaches          GET     GM SM CM AD              403
customers:breach            GET     GM SM CM AD              403 EM=404 ST=404
customers:tell_breach       GET     CM                       403 EM=404 ST=404
customers:close_breach      GET     CM                       403 EM=404 ST=404
customers:report_breach     GET     GM SM CM SV TK SP ST     403
customers:handovers         GET     GM SM CM                 403
customers:hand_over         GET     GM SM CM                 403
customers:set_secrecy       GET     NONE                     403 ST=404
customers:access_log        GET     GM SM CM                 403 ST=404
customers:reveal            GET     GM SM CM SV SP           403 ST=404
customers:needs             GET     GM SM CM SV TK SP ST     403
customers:quality           GET     GM SM CM SV              403
customers:register_member   GET     GM SM CM SV TK SP ST     403
customers:definitions       GET     AD                       403
customers:define            GET     AD                       403
customers:redefine          GET     AD                       403
customers:retire            GET     AD                       403
customers:card_history      GET     GM SM CM SV TK SP        403 ST=404
customers:print_form        GET     GM SM CM SV TK SP        403 ST=404
customers:identifier        GET     GM SM CM SV TK SP        403 ST=404
customers:contact_number    GET     GM SM CM SV TK SP        403 ST=404
customers:learn             GET     GM SM CM SV TK SP        403 ST=404
customers:forget            GET     GM SM CM SV TK SP        403 ST=404
customers:own_field         GET     GM SM CM SV TK SP        403 ST=404
customers:verify            GET     GM SM CM SV TK SP        403 ST=404
customers:key               GET     GM SM CM SV TK SP        403 ST=404
customers:add_contact       GET     GM SM CM SV TK SP        403 ST=404
customers:correct_contact   GET     GM SM CM SV TK SP        403 ST=404
customers:verify_contact    GET     GM SM CM SV TK SP        403 ST=404
customers:end_contact       GET     GM SM CM SV TK SP        403 ST=404
customers:add_address       GET     GM SM CM SV TK SP        403 ST=404
customers:correct_address   GET     GM SM CM SV TK SP        403 ST=404
customers:remove_address    GET     GM SM CM SV TK SP        403 ST=404
customers:add_identifier    GET     GM SM CM SV TK SP        403 ST=404
customers:remove_identifier GET     GM SM CM SV TK SP        403 ST=404
customers:link              GET     GM SM CM SV TK SP        403 ST=404
customers:end_link          GET     GM SM CM SV TK SP        403 ST=404
customers:add_need          GET     GM SM CM SV TK SP        403 ST=404
customers:change_need       GET     GM SM CM SV TK SP        403 ST=404
customers:send_need         GET     GM SM CM SV TK SP        403 ST=404
customers:need_outcome      GET     GM SM CM SV TK SP        403 ST=404
customers:close_need        GET     GM SM CM SV TK SP        403 ST=404
customers:agree             GET     GM SM CM SV TK SP        403 ST=404

# contacts, promises and the upkeep of relations of the south store's customer
customers:contacts          GET     GM SM CM SV TK SP ST         403
customers:contact_entry     GET     GM SM CM SV TK SP            403 ST=404
customers:remark            POST    GM SM CM SV TK SP            403 ST=404
customers:print_contact     GET     GM SM CM SV TK SP            403 ST=404
customers:promises          GET     GM SM CM SV TK SP ST         403
customers:promise           GET     GM SM CM SV TK SP            403 ST=404
customers:end_promise       GET     GM SM CM SV TK SP            403 ST=404
customers:print_promise     GET     GM SM CM SV TK SP            403 ST=404
customers:make_promise      GET     GM SM CM SV TK SP            403 ST=404

tracking:due                GET     GM SM CM SV TK SP ST         403
tracking:next               GET     GM SM CM SV TK SP ST         403
tracking:gaps               GET     GM SM CM SV TK SP ST         403
tracking:owed               GET     GM SM CM SV TK SP ST         403
tracking:customers          GET     GM SM CM SV TK SP ST         403
tracking:journal            GET     GM SM CM SV TK SP ST         403
tracking:silent             GET     GM SM CM SV TK SP ST         403
tracking:churn              GET     GM SM CM SV TK SP ST         403
tracking:introductions      GET     GM SM CM SV TK SP ST         403
tracking:moments            GET     GM SM CM SV TK SP ST         403
tracking:activities         GET     GM SM CM SV TK SP ST         403
tracking:new_activity       GET     GM SM CM SV TK SP ST         403
tracking:overview           GET     GM SM CM SV                  403
tracking:work               GET     GM SM CM SV TK SP            403 ST=404
tracking:print_moment       GET     GM SM CM SV TK SP            403 ST=404
tracking:activity           GET     GM SM CM SV TK SP            403 ST=404
tracking:print_activity     GET     GM SM CM SV TK SP            403 ST=404
tracking:photo              GET     GM SM CM SV TK SP            403 ST=404
tracking:add_photo          GET     GM SM CM SV TK SP            403 ST=404
tracking:remove_photo       GET     GM SM CM SV TK SP            403 ST=404
tracking:enter              GET     GM SM CM SV TK SP            403 ST=404
tracking:fix                GET     GM SM CM SV TK SP            403 ST=404
tracking:rest               GET     GM SM CM SV TK SP            403 ST=404
tracking:explain            GET     GM SM CM SV TK SP            403 ST=404
tracking:after_deal         GET     GM SM CM SV TK SP            403 ST=404
tracking:observe            GET     GM SM CM SV TK SP            403 ST=404
tracking:serve              GET     GM SM CM SV TK SP            403 ST=404
tracking:show_role          GET     GM SM CM SV TK SP            403 ST=404
tracking:introduce          GET     GM SM CM SV TK SP            403 ST=404
tracking:close_observation  GET     GM SM CM SV TK SP            403 ST=404
tracking:reach              GET     GM SM CM SV TK SP            403 ST=404
tracking:leave_out          GET     GM SM CM SV TK SP            403 ST=404
tracking:hold               GET     GM SM CM SV TK SP            403 ST=404
tracking:drop               GET     GM SM CM SV TK SP            403 ST=404
tracking:wake               POST    GM SM CM SV TK SP            403 ST=404
tracking:decide             GET     GM SM CM SV                  403
tracking:call               GET     GM SM CM SV SP               403 ST=404

# visits of the south store's customer, made by its specialist; leaders change those of others
visits:week                 GET     GM SM CM SV TK SP ST         403
visits:list                 GET     GM SM CM SV TK SP ST         403
visits:print_many           GET     GM SM CM SV TK SP ST         403
visits:problems             GET     GM SM CM SV TK SP ST         403
visits:findings             GET     GM SM CM SV TK SP ST         403
visits:guidance             GET     GM SM CM SV TK SP ST         403
visits:coverage             GET     GM SM CM SV TK SP ST         403
visits:start                GET     GM SM CM SV TK SP ST         403
visits:make_plan            POST    GM SM CM SV TK SP ST         403
visits:figures              GET     GM SM CM SV                  403
visits:plan                 GET     GM SM CM SV TK SP            403 ST=404
visits:print_plan           GET     GM SM CM SV TK SP            403 ST=404
visits:visit                GET     GM SM CM SV TK SP            403 ST=404
visits:file                 GET     GM SM CM SV TK SP            403 ST=404
visits:print_visit          GET     GM SM CM SV TK SP            403 ST=404
visits:print_customer       GET     GM SM CM SV TK SP            403 ST=404
visits:add                  GET     GM SM CM SP                  403 ST=404
visits:set_plan             POST    GM SM CM SP                  403 ST=404
visits:planning:routes      GET     GM SM CM SP                  403 ST=404
visits:planning:workday     GET     GM SM CM SP                  403 ST=404
visits:planning:ask         POST    GM SM CM SP                  403 ST=404
visits:planning:place       POST    GM SM CM SP                  403 ST=404
visits:planning:again       POST    GM SM CM SP                  403 ST=404
visits:planning:accept      POST    GM SM CM SP                  403 ST=404
visits:planning:discard     POST    GM SM CM SP                  403 ST=404
visits:do                   GET     GM SM CM SP                  403 ST=404
visits:check                GET     GM SM CM SP                  403 ST=404
visits:close                POST    GM SM CM SP                  403 ST=404
visits:answer               GET     GM SM CM SP                  403 ST=404
visits:effect               GET     GM SM CM SP                  403 ST=404
visits:settle               GET     GM SM CM SP                  403 ST=404
# the reception of the south store: whoever keeps files receives, leaders assign
visits:reception:list       GET     GM SM CM SV TK SP ST         403
visits:reception:receive    GET     GM SM CM SV TK SP ST         403
visits:reception:figures    GET     GM SM CM SV                  403
visits:reception:one        GET     GM SM CM SV TK SP            403 ST=404
visits:reception:print      GET     GM SM CM SV TK SP            403 ST=404
visits:reception:do         GET     GM SM CM SV TK SP            403 ST=404
visits:reception:assign     GET     GM SM CM SV                  403
visits:reception:take_back  POST    GM SM CM SV TK SP            403 ST=404
# hospitality of the south store, approved by the manager; settled by who applied
visits:reception:applications GET   GM SM CM SV TK SP ST         403
visits:reception:apply      GET     GM SM CM SV TK SP ST         403
visits:reception:costs      GET     GM SM CM SV                  403
visits:reception:hospitality GET    GM SM CM SV SP               403 TK=404 ST=404
visits:reception:print_hospitality GET GM SM CM SV SP            403 TK=404 ST=404
visits:reception:settle     GET     SP                           403 TK=404 ST=404
# the phone: the page and its files hold nobody's data, what it takes along is the person's own
visits:road:manifest        GET     ALL
visits:road:worker          GET     ALL
visits:road:page            GET     GM SM CM SV TK SP ST         403
visits:road:day             GET     GM SM CM SV TK SP ST         403
visits:road:send            POST    GM SM CM SV TK SP ST         403
visits:road:settle          POST    GM SM CM SV TK SP ST         403

customers:grading           GET     GM SM CM SV TK SP ST     403
customers:graded            GET     GM SM CM SV TK SP ST     403
customers:segments          GET     GM SM CM SV TK SP ST     403
customers:proposals         GET     GM SM CM SV TK SP ST     403
customers:evaluations       GET     GM SM CM SV TK SP ST     403
customers:add_persona       GET     GM SM CM SV TK SP ST     403
customers:regrade           GET     GM SM CM SV              403
customers:value             GET     GM SM CM SV              403
customers:plan_evaluations  GET     GM SM CM SV              403
customers:grading_run       GET     GM SM CM SV              403
customers:plan_segment      GET     GM SM CM SV              403
customers:approve_proposal  GET     GM SM CM SV              403
customers:refuse_proposal   GET     GM SM CM SV              403
customers:withdraw_proposal POST    GM SM CM SV TK SP        403 ST=404
customers:evaluate          GET     GM SM CM SV TK SP        403 ST=404
customers:segment_result    GET     GM SM CM SV              403 TK=404 SP=404 ST=404
customers:segment_sheet     GET     GM SM CM SV TK SP        403 ST=404
customers:print_sheet       GET     GM SM CM SV TK SP        403 ST=404
customers:grades            GET     GM SM CM SV TK SP        403 ST=404
customers:note_facts        GET     GM SM CM SV TK SP        403 ST=404
customers:change_grade      GET     GM SM CM SV TK SP        403 ST=404
customers:customer_sheet    GET     GM SM CM SV TK SP        403 ST=404
customers:sign_sheet        GET     GM SM CM SV TK SP        403 ST=404
customers:review_sheet      GET     GM SM CM SV TK SP        403 ST=404
customers:reports           GET     GM SM CM SV              403
customers:report_of         GET     GM SM CM SV              403
customers:sign_report       GET     GM SM CM SV              403
customers:review_report     GET     GM SM CM SV              403
customers:published_report  GET     GM SM CM SV              403
customers:alike             GET     GM SM CM SV TK SP ST     403
customers:duplicates        GET     GM SM CM                 403
customers:look_again        POST    GM SM CM                 403
customers:duplicate         GET     GM SM CM                 403
customers:tell_apart        POST    GM SM CM                 403
customers:part              GET     GM SM CM                 403
customers:put_forward       GET     GM SM CM                 403
customers:import            GET     GM SM CM                 403
# a file is its bringer's alone
customers:import_columns    GET     CM                       403 GM=404 SM=404
customers:import_detail     GET     CM                       403 GM=404 SM=404
customers:import_problems   GET     CM                       403 GM=404 SM=404

manuals:list                GET     STAFF
manuals:guide               GET     STAFF
manuals:guide_file          GET     STAFF
manuals:reader              GET     STAFF
manuals:clause              GET     STAFF
manuals:search              GET     STAFF
manuals:mine                GET     STAFF
manuals:source              GET     STAFF
manuals:versions            GET     STAFF
manuals:print               GET     STAFF
manuals:confirm             POST    STAFF
manuals:readers             GET     GM SM CM SV              403
manuals:history             GET     STAFF
manuals:figure              GET     STAFF
manuals:parameter           GET     STAFF
manuals:install             GET     GM CM AD                 403
manuals:parameters          GET     GM AD                    403
manuals:new_draft           GET     GM SM CM SV AD           403
manuals:revise              GET     GM SM CM SV AD           403
manuals:edit                GET     GM SM CM SV AD           403
manuals:save_table          POST    GM SM CM SV AD           403
manuals:save_text           POST    GM SM CM SV AD           403
manuals:save_prose          GET     GM SM CM SV AD           403
manuals:accept_gap          GET     GM SM CM SV AD           403
manuals:take_back           POST    GM SM CM SV AD           403
manuals:set_day             POST    GM SM CM SV AD           403
manuals:drop_draft          POST    GM SM CM SV AD           403
manuals:workbook            GET     GM SM CM SV AD           403
manuals:markdown            GET     GM SM CM SV AD           403
manuals:merge               GET     GM SM CM SV AD           403
manuals:examples_from       GET     GM SM CM SV AD           403
manuals:add_example         POST    GM SM CM SV AD           403
manuals:pasted              POST    GM SM CM SV AD           403

manuals:values              GET     STAFF
manuals:revisions           GET     STAFF
# a draft of the south store's values, prepared by CM
manuals:gate                GET     GM SM CM SV AD           404
manuals:hand_in             POST    GM SM CM SV AD           404
manuals:decide              POST    GM SM CM SV AD           404
manuals:add_sign            POST    GM SM CM SV AD           404
manuals:recall              POST    GM SM CM SV AD           404
manuals:withdraw            POST    NONE                     403 TK=404 SP=404 EM=404 ST=404
manuals:postpone            POST    NONE                     403 TK=404 SP=404 EM=404 ST=404
manuals:drop_values         POST    GM CM AD                 403 TK=404 SP=404 EM=404 ST=404

manuals:backtest            GET     GM SM CM SV              403
manuals:whatif              GET     GM SM CM SV TK SP ST     403
# TK has recorded the departure; the sheet of the brand is a draft
manuals:references          GET     STAFF
manuals:print_references    GET     STAFF
manuals:add_reference       GET     GM SM CM SV AD           403
manuals:record_edition      GET     GM SM CM SV AD           403
manuals:commitments         GET     STAFF
manuals:commitment_duties   GET     STAFF
manuals:processes           GET     STAFF
manuals:process             GET     STAFF
manuals:print_process       GET     STAFF
manuals:phrases             GET     STAFF
manuals:departures          GET     STAFF
manuals:record_departure    GET     STAFF
manuals:departure           GET     GM SM CM SV AD TK        404
manuals:print_departure     GET     GM SM CM SV AD TK        404
manuals:review_departure    GET     GM SM CM SV AD           403
manuals:void_departure      GET     GM SM CM SV AD           403
manuals:mission             GET     STAFF
manuals:sheet               GET     GM SM CM SV AD           404
manuals:print_sheet         GET     GM SM CM SV AD           404
manuals:begin_sheet         GET     GM SM CM SV AD           403
manuals:edit_sheet          GET     GM SM CM SV AD           403
manuals:submit_sheet        POST    GM SM CM SV AD           403
manuals:approve_sheet       GET     GM SM CM                  403
manuals:send_back_sheet     GET     GM SM CM                  403
manuals:cover               GET     STAFF
manuals:print_cover         GET     STAFF
manuals:keep_as_it_is       GET     GM SM CM SV AD           403
manuals:repeal              GET     GM SM CM                  403
manuals:issue_copy          GET     GM SM CM SV AD           403
manuals:return_copy         GET     GM SM CM SV AD           403
manuals:examined            GET     GM SM CM SV AD           403
commitment_portal:*         GET     ALL
member_portal:*             GET     ALL

# the notice is for CM; SP asks for an approval and CM decides it
message_portal:*            GET     ALL

people:requests             GET     STAFF
people:print_week           GET     STAFF
people:ask                  GET     GM SM CM SV TK SP ST     403
# of the specialist, to the cash desks: the supervisor of the own desk sees it and cannot answer
people:request              GET     GM SM CM SV SP           404
people:print_request        GET     GM SM CM SV SP           404
people:answer_request       GET     GM SM CM                 404 SV=403 SP=403
people:pass_request         GET     GM SM CM                 404 SV=403 SP=403
people:settle_request       GET     SP                       404 GM=403 SM=403 CM=403 SV=403
people:send_back_request    GET     SP                       404 GM=403 SM=403 CM=403 SV=403
people:withdraw_request     GET     SP                       404 GM=403 SM=403 CM=403 SV=403

manuals:information         GET     STAFF
manuals:information_sent    GET     GM SM CM SV              403
manuals:write_information   GET     GM SM CM SV              403
# for the staff of the south store
manuals:information_item    GET     GM SM CM SV TK SP EM     404
manuals:print_information   GET     GM SM CM SV TK SP EM     404
manuals:study_information   POST    GM SM CM SV TK SP EM     404
manuals:rewrite_information GET     GM SM CM SV              403
manuals:publish_information POST    GM SM CM SV              403
manuals:withdraw_information GET    GM SM CM SV              403

workbench:pulse             GET     STAFF
workbench:duties            GET     STAFF
workbench:reports           GET     STAFF
workbench:open_report       GET     STAFF
workbench:gaps              GET     STAFF
workbench:timeliness        GET     STAFF
# of the specialist
workbench:report            GET     GM SM CM SV SP           404
workbench:print_report      GET     GM SM CM SV SP           404
workbench:fill_report       POST    SP                       404
workbench:adjust_report     GET     SP                       404 GM=403 SM=403 CM=403 SV=403
workbench:comment_report    GET     GM SM CM SV              404 SP=403
workbench:messages          GET     GM SM CM SV TK SP ST     403
workbench:message           GET     GM SM CM SV TK SP        403 ST=404
workbench:reply             GET     GM SM CM SV TK SP        403 ST=404
workbench:settle_message    GET     GM SM CM SV TK SP        403 ST=404
workbench:take_message      GET     GM SM CM SV TK SP ST     403
workbench:print_message     GET     GM SM CM SV TK SP        403 ST=404
workbench:bulletin          GET     GM SM CM SV              403
workbench:today             GET     STAFF
workbench:notices           GET     STAFF
workbench:read_notices      POST    STAFF
workbench:notice            GET     CM                       302
workbench:approvals         GET     STAFF
workbench:approval          GET     CM SP                    404
workbench:withdraw          POST    CM SP                    404
workbench:audit             GET     GM SM CM AD              403
workbench:palette           GET     STAFF
workbench:search            GET     STAFF
workbench:file              GET     GM SM CM SV TK SP        404

channels:portal             GET     ALL
channels:tokens             GET     AD                       403
channels:token_new          GET     AD                       403
channels:token_revoke       POST    AD                       403
channels:mailboxes          GET     AD                       403
channels:mailbox_new        GET     AD                       403
channels:mailbox            GET     AD                       403
channels:mailbox_edit       GET     AD                       403
channels:mailbox_try        POST    AD                       403
channels:mailbox_fetch      POST    AD                       403
channels:mail               GET     AD                       403
channels:mail_take          POST    AD                       403
channels:mail_put_aside     POST    AD                       403

GET    /api/v1/complaints                       GM SM CM SV TK SP EM AD ST
POST   /api/v1/complaints                       GM SM CM SV TK SP       422
GET    /api/v1/complaints/words                 GM SM CM SV TK SP       422
GET    /api/v1/complaints/{number}              GM SM CM SV TK SP       404
GET    /api/v1/complaints/{number}/rulings      GM SM CM SV TK SP       404
GET    /api/v1/complaints/{number}/corrective-actions GM SM CM SV TK SP 404
POST   /api/v1/complaints/{number}/steps        GM SM CM SV TK SP       404
POST   /api/v1/complaints/{number}/replies      GM SM CM SV TK SP       404
POST   /api/v1/complaints/{number}/notes        GM SM CM SV TK SP       404
POST   /api/v1/complaints/{number}/attachments  GM SM CM SV TK SP       404
GET    /api/v1/grumbles                         GM SM CM SV TK SP EM AD ST
POST   /api/v1/grumbles                         GM SM CM SV TK SP       422
"""

# What API operations are sent, so that the gate is reached: query strings, JSON bodies; None is a file `file`.
QUERIES = {"GET /api/v1/complaints/words": "?unit=south"}
BODIES: dict[str, Any] = {
    "POST /api/v1/complaints": {"unit": "south", "text": "收银多收 36 元"},
    "POST /api/v1/grumbles": {"unit": "south", "source": "PHONE", "text": "等了很久"},
    "POST /api/v1/complaints/{number}/steps": {"kind": "cause", "text": "多扫了一次码"},
    "POST /api/v1/complaints/{number}/replies": {"text": "马上退款"},
    "POST /api/v1/complaints/{number}/notes": {"text": "已看监控"},
    "POST /api/v1/complaints/{number}/attachments": None,
}


@dataclass(frozen=True)
class Decision:
    """One line of the matrix. `expected` gives for each role "in" or the status of the refusal."""

    name: str
    method: str
    expected: dict[str, str]


def decisions(text: str = MATRIX) -> list[Decision]:
    """The lines of the matrix. Raises ValueError for a line that cannot be read."""
    return [_decision(line) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _decision(line: str) -> Decision:
    name, method, rest = _cut(line)
    words = rest.split()
    let_in = {role for role in ROLES if _is_named(role, words)}
    api = name.startswith("/api")
    fate = next((word for word in words if word.isdigit()), "403")
    expected = {role: "in" if role in let_in else fate for role in ROLES}
    if "AN" not in let_in:
        expected["AN"] = "401" if api else "sign-in"
    for word in words:
        role, equals, status = word.partition("=")
        if equals:
            if role not in ROLES:
                raise ValueError(f"{line!r}: nobody is called {role}")
            expected[role] = status
    return Decision(f"{method} {name}" if api else name, method, expected)


def _cut(line: str) -> tuple[str, str, str]:
    """Name, method and the rest; API lines begin with the method."""
    first, second, *rest = line.split(None, 2)
    if second.startswith("/api"):
        first, second = second, first
    if second not in {"GET", "POST", "PUT", "PATCH", "DELETE"}:
        raise ValueError(f"{line!r}: {second} is no method")
    return first, second, rest[0] if rest else ""


def _is_named(role: str, words: list[str]) -> bool:
    if f"-{role}" in words or "NONE" in words:
        return False
    return role in words or "ALL" in words or ("STAFF" in words and role != "AN")


def _a_grant(world: World) -> Grant:
    """An application that the customer-service manager decides."""
    return Grant.objects.get_or_create(
        complaint=world.complaint,
        kind="GOODWILL",
        form="COST",
        asked=36,
        reason="…",
        approval=world.approval,
        by=world.people.specialist.party,
        at=world.now,
    )[0]


def _a_member(world: World) -> CaseMember:
    """Somebody named on the complaint."""
    people = world.people
    given = {"complaint": world.complaint, "person": people.manager.party}
    return CaseMember.objects.get_or_create(
        **given, defaults={"reason": "…", "by": people.manager.party, "at": world.now}
    )[0]


def _a_malice(world: World) -> Malice:
    """A mark that waits for a second person."""
    given = {"reason": "…", "evidence": "…", "by": world.people.manager.party, "at": world.now}
    return Malice.objects.get_or_create(complaint=world.complaint, defaults=given)[0]


def _another(world: World, name: str) -> Customer:
    known = Customer.objects.filter(name=name).first()
    by = world.people.manager.party
    return known or customers.create(name=name, unit=world.customer.unit, by=by, now=world.now, knowing=True)


def _a_pair(world: World) -> Candidate:
    """The customer of the complaint beside another file."""
    other = _another(world, "另一份档案")
    return matching.put_forward(one=world.customer, other=other, by=world.people.manager.party, now=world.now)


def _a_merge(world: World) -> Merge:
    gone, kept = _another(world, "旧档案"), _another(world, "新档案")
    known = Merge.objects.filter(gone=gone).first()
    by = world.people.manager.party
    return known or matching.merge(kept=kept, gone=gone, choices={}, by=by, now=world.now)


def _customers_file(world: World) -> Intake:
    """A file of the manager's with one bad row, checked."""
    known = Intake.objects.filter(kind=importing.KIND).first()
    if known is not None:
        return known
    file = SimpleUploadedFile("客户.csv", "客户名称,手机\n张三,1\n李四,13800000000\n".encode())
    by = world.people.manager.party
    intake = importing.bring(name="客户.csv", file=file, unit=world.people.south, by=by, now=world.now)
    plan = {"columns": {"name": "客户名称", "phone": "手机"}, "known": "skip"}
    importing.choose(intake=intake, plan=plan, now=world.now)
    return importing.check(intake.pk)


def _a_joined(world: World) -> Complaint:
    """A second report of the same thing, in the same hands, joined to the first."""
    known = Complaint.objects.filter(joined_to=world.complaint).first()
    if known is not None:
        return known
    people = world.people
    again = complaints.register(
        unit=people.south,
        channel="PHONE",
        text="收银多收 36 元",
        handler=people.specialist.party,
        override_reason="…",
        by=people.taker.party,
        now=world.now,
    )
    complaints.join(
        complaint=again,
        into=Complaint.objects.get(pk=world.complaint.pk),
        reason="…",
        by=people.specialist.party,
        now=world.now,
    )
    return again


def _standards(world: World) -> ManualVersion:
    """The service standards, in force in the mall."""
    text = resources.files("zhike.manuals").joinpath("library/service-standards.md").read_text("utf-8")
    by = world.people.manager.party
    return manuals.publish_and_install(text=text, unit=world.people.mall, by=by, now=world.now)


def _an_edition(world: World) -> Edition:
    """A new edition that flags clauses of the service standards."""
    _standards(world)
    return Edition.objects.filter(label="2027版").first() or manuals.record_edition(
        reference=Reference.objects.get(name="标准店操作手册"),
        label="2027版",
        effective_on=dt.date(2027, 1, 1),
        by=world.people.manager.party,
        now=world.now,
    )


def _a_copy(world: World) -> Copy:
    """A printed copy of the regulation of the mall."""
    given = {"version": world.version, "number": 1, "unit": world.people.south}
    people = {"holder": world.people.taker.party, "issued_by": world.people.manager.party}
    return Copy.objects.get_or_create(**given, defaults={**people, "issued_at": world.now})[0]


def _a_departure(world: World) -> Record:
    """Recorded by the complaint taker of the south store."""
    known = Record.objects.filter(form="F003-09").first()
    _standards(world)
    return known or manuals.record_departure(
        process=manual_queries.processes(world.people.south.pk, world.now)[0],
        step="了解需要",
        reason="…",
        done="…",
        effect="…",
        unit=world.people.south,
        by=world.people.taker.party,
        now=world.now,
    )


def _a_brand(world: World) -> Record:
    """The five questions of a brand, begun."""
    known = Record.objects.filter(form="F000-12").first()
    by = world.people.manager.party
    return known or manuals.begin_sheet(code="F000-12", typed={"brand": "暖心"}, by=by, now=world.now)


# parts of a customer's file, and the pages that take one
FILE_PARTS = {
    "contact": ("correct_contact", "verify_contact", "end_contact", "contact_number"),
    "address": ("correct_address", "remove_address"),
    "identifier": ("identifier", "remove_identifier"),
    "link": ("end_link",),
    "need": ("change_need", "send_need", "need_outcome", "close_need"),
    "fact": ("forget",),
    "definition": ("own_field", "redefine", "retire"),
}


def _a_part(world: World, part: str) -> Any:
    """The newest row of this kind on the customer's file, made where there is none."""
    rows = {
        "contact": dossier_models.Contact,
        "address": dossier_models.Address,
        "identifier": dossier_models.Identifier,
        "link": dossier_models.Link,
        "need": dossier_models.Need,
        "fact": dossier_models.Fact,
        "definition": dossier_models.FieldDefinition,
    }[part].objects
    mine = rows.all() if part == "definition" else rows.filter(customer=world.customer)
    return mine.last() or _new_part(world, part)


def _new_part(world: World, part: str) -> Any:
    given: dict[str, Any] = {"customer": world.customer, "by": world.people.taker.party, "now": world.now}
    match part:
        case "contact":
            return dossier.add_contact(**given, name="许静安", number="13600009120")
        case "address":
            return dossier.add_address(**given, text="浦江路88号")
        case "identifier":
            return dossier.add_identifier(**given, kind="OTHER", number="A1")
        case "link":
            other = a_customer(world.people.south, world.people.taker, name="别人", phone="")
            return dossier.link(**given, other=other, kind="RELATED")
        case "need":
            return dossier.add_need(**given, kind="PRESENT", text="小包装", source="VISIT")
        case "fact":
            return dossier.learn(**given, field="family", value="两个孩子", source="SERVICE")
    del given["customer"]
    return dossier.define(**given, unit=world.people.mall, code="order_day", name="订货日")


def _a_grumble(world: World) -> Grumble:
    return Grumble.objects.first() or grumbles.record(
        unit=world.people.south,
        source="PHONE",
        text="等了很久",
        by=world.people.taker.party,
        now=world.now,
    )


def _a_capa(world: World) -> Capa:
    """A corrective action of the complaint, led by its handler, with one measure."""
    capa, new = Capa.objects.get_or_create(
        number="CAPA-1",
        unit=world.complaint.unit,
        title="…",
        lead=world.people.specialist.party,
        opened_by=world.people.specialist.party,
        opened_at=world.now,
    )
    if new:
        CapaCase.objects.create(
            capa=capa, complaint=world.complaint, by=world.people.specialist.party, at=world.now
        )
    return capa


def _a_draft(world: World) -> Revision:
    by = world.people.manager.party
    found, _made = Revision.objects.get_or_create(
        key=world.version.key,
        unit=None,
        defaults={
            "base": world.version,
            "text": world.version.text,
            "prepared_by": by,
            "prepared_at": world.now,
            "saved_by": by,
            "saved_at": world.now,
        },
    )
    return found


def _a_capa_action(world: World) -> CapaAction:
    return CapaAction.objects.get_or_create(
        capa=_a_capa(world),
        kind="CORRECTIVE",
        round=1,
        what="…",
        owner=world.people.specialist.party,
        due_on=world.now.date(),
        by=world.people.specialist.party,
        at=world.now,
    )[0]


def _a_contact(world: World) -> Interaction:
    known = Interaction.objects.first()
    return known or contacts.record(customer=world.customer, way="PHONE", by=None, now=world.now)


def _a_promise(world: World) -> Promise:
    known = Promise.objects.first()
    return known or contacts.promise(
        customer=world.customer, text="…", keeper=world.people.taker.party, due_at=world.now + dt.timedelta(days=3),
        by=world.people.taker.party, now=world.now,
    )  # fmt: skip


def _a_plan(world: World) -> Plan:
    """Written by hand: no regulation on tracking is in force here."""
    known = Plan.objects.first()
    return known or Plan.objects.create(
        customer=world.customer, unit=world.customer.unit, opened_at=world.now, resting="…"
    )


def _a_moment(world: World) -> Moment:
    known = Moment.objects.first()
    return known or Moment.objects.create(
        customer=world.customer, unit=world.customer.unit, kind="FESTIVAL", occasion="…", key="…",
        on=world.now.date(), due_at=world.now, way="PHONE", at=world.now,
    )  # fmt: skip


def _an_observation(world: World) -> Observation:
    known = Observation.objects.first()
    return known or Observation.objects.create(
        customer=world.customer, unit=world.customer.unit, kind="CHANGE", text="…", at=world.now,
        by=world.people.taker.party,
    )  # fmt: skip


def _a_photo(world: World) -> Attachment:
    activity = _an_activity(world)
    kept = attachments.attachments_of(activity).first()
    file = SimpleUploadedFile("match.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    return kept or attachments.attach(
        subject=activity,
        file=file,
        name=file.name,
        unit=activity.unit,
        by=world.people.specialist.party,
        now=world.now,
    )


def _an_activity(world: World) -> Activity:
    known = Activity.objects.first()
    return known or Activity.objects.create(
        number="KQ-1", unit=world.people.south, title="…", strategy=1, kind="MEAL", on=world.now.date(), budget=1,
        at=world.now, by=world.people.taker.party,
    )  # fmt: skip


def _a_summary(world: World) -> Summary:
    """A signed analysis of the south store."""
    known = Summary.objects.filter(unit=world.people.south).first()
    return known or complaints.sign_analysis(
        unit=world.people.south,
        period=Period.around(Kind.MONTH, world.now.date(), "Asia/Shanghai"),
        figures={},
        problems="…",
        plans=[complaints.Plan("…", world.people.manager.party, world.now.date())],
        by=world.people.manager.party,
        now=world.now,
    )


def _a_measure(world: World) -> Measure:
    """One that nobody has reported on."""
    return _a_summary(world).measures.get()


def _a_sheet(world: World) -> OverdueSheet:
    return OverdueSheet.objects.get_or_create(
        kind="REMINDER",
        number="CB-1",
        complaint=world.complaint,
        unit=world.complaint.unit,
        duty_id=world.duty.pk,
        step="…",
        due_at=world.now,
        department="…",
        at=world.now,
        clause="2.4",
    )[0]


# ---- arguments of addresses: functions of the world below

SAMPLES: dict[str, Callable[[World], Any]] = {
    "people.pk": lambda world: world.people.supervisor.pk,
    "people.code": lambda world: "P002-02",
    "people:end_absence.pk": lambda world: world.absence.pk,
    "people:end_appointment.pk": lambda world: world.people.supervisor.party.appointments.get().pk,
    "people:reopen_account.pk": lambda world: world.people.supervisor.pk,
    "people:unit.pk": lambda world: world.people.south.pk,
    "people:establish.pk": lambda world: world.people.south.pk,
    "people:add_unit.pk": lambda world: world.people.south.pk,
    "people:add_region.pk": lambda world: world.people.south.pk,
    "people:rename_unit.pk": lambda world: world.people.south.pk,
    "people:move_unit.pk": lambda world: world.people.south.pk,
    "people:close_unit.pk": lambda world: world.people.south.pk,
    "people:place_post.pk": lambda world: world.people.south.pk,
    "people:remove_post.pk": lambda world: world.placed.pk,
    "people:revoke.pk": lambda world: world.given.pk,
    "people:proposal.pk": lambda world: world.proposal.pk,
    "people:record_decision.pk": lambda world: world.proposal.pk,
    "people:withdraw.pk": lambda world: world.proposal.pk,
    "people:calendar.pk": lambda world: world.calendar.pk,
    "people:set_week.pk": lambda world: world.calendar.pk,
    "people:set_day.pk": lambda world: world.calendar.pk,
    "people:drop_day.pk": lambda world: world.day.pk,
    "ui.pk": lambda world: 1,
    "complaints.pk": lambda world: world.complaint.pk,
    "complaints:part.pk": lambda world: _a_joined(world).pk,
    "complaints:summary.pk": lambda world: _a_summary(world).pk,
    "complaints:print_summary.pk": lambda world: _a_summary(world).pk,
    "complaints:measure.pk": lambda world: _a_measure(world).pk,
    "complaints:overdue_sheet.pk": lambda world: _a_sheet(world).pk,
    "complaints:print_overdue.pk": lambda world: _a_sheet(world).pk,
    "complaints:report_of.code": lambda world: "P000-05",
    "complaints:date_why.duty": lambda world: world.duty.pk,
    "complaints:ruling_of.ruling": lambda world: world.complaint.ruling_id,
    "complaints.kind": lambda world: "pdf",
    "complaints:ask_grant.kind": lambda world: "GOODWILL",
    "complaints:decide_grant.grant": lambda world: _a_grant(world).pk,
    "complaints:remove_person.member": lambda world: _a_member(world).pk,
    "complaints.malice": lambda world: _a_malice(world).pk,
    **{
        f"complaints:{page}.pk": lambda world: _a_capa(world).pk
        for page in (
            "capa",
            "describe_capa",
            "add_capa_case",
            "capa_whys",
            "capa_causes",
            "add_capa_action",
            "finish_capa_action",
            "remove_capa_action",
            "submit_capa",
            "review_capa",
            "check_capa_effect",
            "close_capa",
            "drop_capa",
            "confirm_recurrence",
        )
    },
    "complaints.row": lambda world: _a_capa_action(world).pk,
    "complaints.past": lambda world: world.complaint.pk,
    "complaints:penalty.pk": lambda world: world.penalty.pk,
    "complaints:decide.pk": lambda world: world.penalty.pk,
    "complaints:appeal.pk": lambda world: world.penalty.pk,
    "complaints:print_penalty.pk": lambda world: world.penalty.pk,
    "grumbles.pk": lambda world: _a_grumble(world).pk,
    "grumbles.kind": lambda world: "pdf",
    "complaint_import.pk": lambda world: world.intake.pk,
    "complaint_portal.number": lambda world: world.complaint.number,
    "complaint_portal.unit": lambda world: world.people.south.pk,
    "api.number": lambda world: world.complaint.number,
    "customers.pk": lambda world: world.customer.pk,
    "customers:duplicate.pk": lambda world: _a_pair(world).pk,
    "customers:tell_apart.pk": lambda world: _a_pair(world).pk,
    "customers:part.pk": lambda world: _a_merge(world).pk,
    "customers:import_columns.pk": lambda world: _customers_file(world).pk,
    "customers:import_detail.pk": lambda world: _customers_file(world).pk,
    "customers:import_problems.pk": lambda world: _customers_file(world).pk,
    "customers.phone": lambda world: world.phone.pk,
    "customers.kind": lambda world: "html",
    "customers:copy_of.kind": lambda world: "json",
    "customers.survey": lambda world: care_rows.survey(world).pk,
    "customers.rating": lambda world: care_rows.rating(world).pk,
    "customers.change": lambda world: care_rows.change(world).pk,
    "customers.risk": lambda world: care_rows.risk(world).pk,
    "customers.sale": lambda world: care_rows.sale(world).pk,
    "customers.charge": lambda world: care_rows.charge(world).pk,
    "customers.archive": lambda world: care_rows.archive(world).pk,
    "customers.item": lambda world: care_rows.item(world).pk,
    "customers.loan": lambda world: care_rows.loan(world).pk,
    "customers.check": lambda world: care_rows.check(world).pk,
    "customers.destruction": lambda world: care_rows.destruction(world).pk,
    "customers.request_id": lambda world: care_rows.request(world).pk,
    "customers.release": lambda world: care_rows.release(world).pk,
    "customers.breach": lambda world: care_rows.breach(world).pk,
    "customers:reveal.what": lambda world: "contact",
    "customers:reveal.row": lambda world: care_rows.contact(world).pk,
    "customers:contact_entry.pk": lambda world: _a_contact(world).pk,
    "customers:remark.pk": lambda world: _a_contact(world).pk,
    "customers:print_contact.pk": lambda world: _a_contact(world).pk,
    "customers:print_contact.code": lambda world: "FM002-09",
    "customers:print_contact.kind": lambda world: "html",
    "customers:promise.pk": lambda world: _a_promise(world).pk,
    "customers:end_promise.pk": lambda world: _a_promise(world).pk,
    "customers:print_promise.pk": lambda world: _a_promise(world).pk,
    "customers:print_promise.kind": lambda world: "html",
    "visits.pk": lambda world: samples_visits.a_visit(world).pk,
    "visits.kind": lambda world: "html",
    "visits.code": lambda world: "F004-04",
    "visits.verb": lambda world: "move",
    "visits.uid": lambda world: samples_visits.an_entry(world).pk,
    "visits.file": lambda world: samples_visits.a_file(world).pk,
    **{
        f"visits:reception:{page}.pk": lambda world: samples_visits.a_reception(world).pk
        for page in ("one", "do", "assign", "print")
    },
    **{
        f"visits:reception:{page}.pk": lambda world: samples_visits.hospitality(world).pk
        for page in ("hospitality", "settle", "print_hospitality")
    },
    "visits:reception:do.verb": lambda world: "register",
    "visits:reception:print.code": lambda world: "F001-70",
    "visits:reception:take_back.pk": lambda world: samples_visits.a_locker(world).pk,
    "visits:plan.pk": lambda world: samples_visits.a_plan(world).pk,
    "visits:add.pk": lambda world: samples_visits.a_plan(world).pk,
    "visits:set_plan.pk": lambda world: samples_visits.a_plan(world).pk,
    **{
        f"visits:planning:{page}.pk": lambda world: samples_visits.routes(world).plan_id
        for page in ("routes", "workday", "ask", "place", "again", "accept", "discard")
    },
    "visits:print_plan.pk": lambda world: samples_visits.a_plan(world).pk,
    "visits:print_plan.code": lambda world: "F004-03",
    "visits:answer.pk": lambda world: samples_visits.a_problem(world).pk,
    "visits:effect.pk": lambda world: samples_visits.guidance(world).pk,
    "visits:print_customer.pk": lambda world: world.customer.pk,
    "visits:print_customer.code": lambda world: "FM002-37",
    "tracking.pk": lambda world: world.customer.pk,
    "tracking.phone": lambda world: world.phone.pk,
    "tracking.kind": lambda world: "html",
    "tracking:rest.pk": lambda world: _a_plan(world).pk,
    "tracking:wake.pk": lambda world: _a_plan(world).pk,
    "tracking:reach.pk": lambda world: _a_moment(world).pk,
    "tracking:leave_out.pk": lambda world: _a_moment(world).pk,
    "tracking:print_moment.pk": lambda world: _a_moment(world).pk,
    "tracking:close_observation.pk": lambda world: _an_observation(world).pk,
    "tracking:activity.pk": lambda world: _an_activity(world).pk,
    "tracking:decide.pk": lambda world: _an_activity(world).pk,
    "tracking:hold.pk": lambda world: _an_activity(world).pk,
    "tracking:drop.pk": lambda world: _an_activity(world).pk,
    "tracking:print_activity.pk": lambda world: _an_activity(world).pk,
    "tracking:photo.pk": lambda world: _an_activity(world).pk,
    "tracking:photo.file": lambda world: _a_photo(world).pk,
    "tracking:add_photo.pk": lambda world: _an_activity(world).pk,
    "tracking:remove_photo.pk": lambda world: _an_activity(world).pk,
    "tracking:remove_photo.file": lambda world: _a_photo(world).pk,
    "customers:print_form.code": lambda world: "FM002-34",
    "customers:print_form.kind": lambda world: "html",
    **{
        f"customers:{page}.row": lambda world, part=part: _a_part(world, part).pk
        for part, pages in FILE_PARTS.items()
        for page in pages
    },
    "member_portal.unit": lambda world: world.people.south.pk,
    "customers:grading_run.pk": lambda world: grading.a_run(world).pk,
    "customers:segment_result.pk": lambda world: grading.a_plan(world).pk,
    "customers:segment_sheet.pk": lambda world: grading.a_persona(world).pk,
    "customers:segment_sheet.what": lambda world: "persona",
    "customers:evaluate.pk": lambda world: grading.an_evaluation(world).pk,
    "customers:plan_segment.segment": lambda world: grading.a_plan(world).segment,
    "customers:print_sheet.code": lambda world: "FM002-05",
    "customers:print_sheet.unit": lambda world: world.people.south.pk,
    "customers:change_grade.dimension": lambda world: grading.a_proposal(world).dimension,
    "customers:customer_sheet.code": lambda world: "F001-36",
    "customers:sign_sheet.code": lambda world: "FM002-06",
    "customers:review_sheet.record": lambda world: grading.a_sheet(world).pk,
    "customers:report_of.code": lambda world: "ST002-47",
    "customers:sign_report.code": lambda world: "ST002-47",
    **{
        f"customers:{page}.pk": lambda world: grading.a_proposal(world).pk
        for page in ("approve_proposal", "refuse_proposal", "withdraw_proposal")
    },
    **{
        f"customers:{page}.pk": lambda world: grading.a_report(world).pk
        for page in ("review_report", "published_report")
    },
    **{
        f"customers:{page}.kind": lambda world: "html"
        for page in ("segment_sheet", "print_sheet", "customer_sheet", "published_report")
    },
    **{
        f"manuals:{page}.pk": lambda world: world.values.pk
        for page in (
            "gate",
            "hand_in",
            "decide",
            "add_sign",
            "recall",
            "withdraw",
            "postpone",
            "drop_values",
        )
    },
    "manuals.pk": lambda world: world.version.pk,
    **{f"manuals:{name}.pk": lambda world: world.draft.pk for name in DRAFT_PAGES},
    "manuals:backtest.pk": lambda world: _a_draft(world).pk,
    "manuals.key": lambda world: world.version.key,
    "manuals:guide_file.name": lambda world: "member-complaints.md",
    "manuals.number": lambda world: "三(五)1",
    "manuals:figure.kind": lambda world: "rulings",
    "manuals:parameter.name": lambda world: "店长起点",
    "manuals.kind": lambda world: "html",
    "manuals.code": lambda world: "F000-12",
    "manuals.row": lambda world: 1,
    "manuals.name": lambda world: "柜台接待",
    **{
        f"manuals:{page}.key": lambda world: _standards(world).key
        for page in ("process", "print_process", "examined")
    },
    **{
        f"manuals:{page}.pk": lambda world: _a_departure(world).pk
        for page in ("departure", "print_departure", "review_departure", "void_departure")
    },
    **{
        f"manuals:{page}.pk": lambda world: _a_brand(world).pk
        for page in ("sheet", "print_sheet", "edit_sheet", "submit_sheet", "approve_sheet", "send_back_sheet")
    },
    "manuals:record_edition.pk": lambda world: _an_edition(world).reference_id,
    "manuals.edition": lambda world: _an_edition(world).pk,
    "manuals:return_copy.number": lambda world: _a_copy(world).pk,
    "commitment_portal.unit": lambda world: world.people.south.pk,
    "manuals.unit": lambda world: world.people.mall.pk,
    "channels.pk": lambda world: world.mailbox.pk,
    "channels:token_revoke.pk": lambda world: world.token.pk,
    "channels:mail.pk": lambda world: world.mail.pk,
    "channels:mail_take.pk": lambda world: world.mail.pk,
    "channels:mail_put_aside.pk": lambda world: world.mail.pk,
    "complaints:mail.mail": lambda world: world.mail.pk,
    "message_portal.unit": lambda world: world.people.south.pk,
    "message_portal.token": lambda world: signing.dumps(bench.a_message(world).pk, salt="customer-message"),
    "people:print_week.monday": lambda world: "2026-03-09",
    "people:print_week.kind": lambda world: "html",
    "people:print_request.kind": lambda world: "html",
    "people:settle_request.pk": lambda world: bench.a_request(world, "ANSWERED").pk,
    "people:send_back_request.pk": lambda world: bench.a_request(world, "ANSWERED").pk,
    **{
        f"people:{page}.pk": lambda world: bench.a_request(world).pk
        for page in ("request", "print_request", "answer_request", "pass_request", "withdraw_request")
    },
    **{
        f"manuals:{page}.pk": lambda world: bench.an_item(world).pk
        for page in (
            "information_item",
            "print_information",
            "study_information",
            "rewrite_information",
            "publish_information",
            "withdraw_information",
        )
    },
    "manuals:print_information.kind": lambda world: "html",
    "workbench:fill_report.pk": lambda world: bench.a_report(world, "DRAFT").pk,
    **{
        f"workbench:{page}.pk": lambda world: bench.a_report(world).pk
        for page in ("report", "print_report", "adjust_report", "comment_report")
    },
    "workbench:print_report.kind": lambda world: "html",
    **{
        f"workbench:{page}.pk": lambda world: bench.a_message(world).pk
        for page in ("message", "reply", "settle_message", "print_message")
    },
    "workbench:print_message.kind": lambda world: "html",
    "workbench:notice.pk": lambda world: world.notice.pk,
    "workbench:approval.pk": lambda world: world.approval.pk,
    "workbench:withdraw.pk": lambda world: world.approval.pk,
    "workbench:file.pk": lambda world: world.file.pk,
}
