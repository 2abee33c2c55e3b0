// Generated from the server's OpenAPI document by `npm run types`. Do not edit.
export interface paths {
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I */
        get: operations["sessions_who"];
        put?: never;
        /** Log in */
        post: operations["sessions_login"];
        /** Log out */
        delete: operations["sessions_logout"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change my password */
        post: operations["sessions_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/redeem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redeem a classroom screen's code */
        post: operations["devices_redeem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Classroom screens */
        get: operations["devices_list"];
        put?: never;
        /** Add a classroom screen */
        post: operations["devices_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/{device_id}/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new code; the old token ends */
        post: operations["devices_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/{device_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a screen */
        delete: operations["devices_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts */
        get: operations["users_list"];
        put?: never;
        /** Add an account */
        post: operations["users_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change an account */
        patch: operations["users_update"];
        trace?: never;
    };
    "/api/schools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Schools */
        get: operations["roster_schools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Subjects */
        get: operations["roster_subjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pairings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pairings */
        get: operations["roster_pairings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Kinds of entries */
        get: operations["roster_edit_kinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster-workbook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The roster, or its template, as .xlsx */
        get: operations["roster_edit_export"];
        put?: never;
        /** Import a roster workbook, whole or not at all */
        post: operations["roster_edit_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster-passwords": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** First passwords for accounts that have none */
        post: operations["roster_edit_passwords"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/devices/qr-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** New codes of classroom screens, with QR codes to print */
        post: operations["roster_edit_qr"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries of a kind */
        get: operations["roster_edit_list"];
        put?: never;
        /** Add an entry */
        post: operations["roster_edit_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster/{kind}/{entry_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change an entry */
        patch: operations["roster_edit_update"];
        trace?: never;
    };
    "/api/roster/{kind}/{entry_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive an entry */
        post: operations["roster_edit_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster/{kind}/{entry_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore an archived entry */
        post: operations["roster_edit_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/timetable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lessons of a span, clashes, holidays, terms */
        get: operations["timetable_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/timetable/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What to know before a lesson is moved */
        post: operations["timetable_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/timetable/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A weekly series, holidays skipped */
        post: operations["timetable_series"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/timetable/substitutions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another teacher for a teacher's lessons to come */
        post: operations["timetable_substitute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/timetable/teachers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Teachers who can be given lessons */
        get: operations["timetable_teachers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/suggestion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The next free time for a lesson */
        get: operations["timetable_suggestion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/reschedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a missed lesson another time */
        post: operations["timetable_reschedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My calendar addresses */
        get: operations["feeds_list"];
        put?: never;
        /** A new calendar address */
        post: operations["feeds_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feeds/{feed_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a calendar address */
        delete: operations["feeds_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/calendar/{token}.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The calendar behind a secret address */
        get: operations["feeds_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lessons the caller may see */
        get: operations["lessons_list"];
        put?: never;
        /** Schedule a lesson */
        post: operations["lessons_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A lesson */
        get: operations["lessons_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a scheduled lesson */
        patch: operations["lessons_update"];
        trace?: never;
    };
    "/api/lessons/{lesson_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start */
        post: operations["lessons_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End */
        post: operations["lessons_end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel */
        post: operations["lessons_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A media token for this lesson */
        post: operations["lessons_tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Verify the recording again */
        post: operations["lessons_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Credit by hand */
        post: operations["ledger_credit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger/{entry_id}/reverse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reverse an entry */
        post: operations["ledger_reverse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ledger entries */
        get: operations["ledger_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/board": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** School × subject against the targets, pace, forecast, losses, milestones */
        get: operations["board_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/board/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lessons behind a figure of the board or of a report */
        get: operations["board_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/board/workbook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The board as .xlsx */
        get: operations["board_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A monthly report as it stands now */
        get: operations["reports_current"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/current/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** It as .xlsx or .docx */
        get: operations["reports_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/sent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reports that were sent, newest first */
        get: operations["reports_history"];
        put?: never;
        /** Keep a report as sent; again is a correction */
        post: operations["reports_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/sent/{report_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A sent report with its figures */
        get: operations["reports_sent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/sent/{report_id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its file as it was sent */
        get: operations["reports_sent_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/courses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a recorded lesson to classes */
        post: operations["courses_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/courses/{lesson_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A course, what was played */
        get: operations["courses_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/courses/{lesson_id}/played": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a class's page has played since its last report */
        post: operations["courses_play"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/materials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Materials of a lesson */
        get: operations["materials_list"];
        put?: never;
        /** Begin to send a file */
        post: operations["materials_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/materials/{material_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a file has come */
        get: operations["materials_state"];
        put?: never;
        post?: never;
        /** Delete a file */
        delete: operations["materials_remove"];
        options?: never;
        head?: never;
        /** Send a piece, from `Upload-Offset` on (at most 8 MiB; `Upload-Checksum: sha256 BASE64` is checked) */
        patch: operations["materials_append"];
        trace?: never;
    };
    "/api/materials/{material_id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The file, as an attachment, Range-able */
        get: operations["materials_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doubts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Doubts about lessons, newest first; a teacher sees confirmed ones of the own school */
        get: operations["doubts_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doubts/{doubt_id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is an honest lesson */
        post: operations["doubts_dismiss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doubts/{doubt_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look at it again */
        post: operations["doubts_reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doubts/{doubt_id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is not: withdraw the credit it concerns */
        post: operations["doubts_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doubts/{doubt_id}/appeal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A school of the lesson objects to a confirmed doubt */
        post: operations["doubts_appeal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doubts/{doubt_id}/uphold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The appeal is refused */
        post: operations["doubts_uphold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doubts/{doubt_id}/grant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the credit back */
        post: operations["doubts_grant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rubrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions of the form, newest first */
        get: operations["observations_rubrics"];
        put?: never;
        /** A new version of the form */
        post: operations["observations_edit_rubric"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/observations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Own sheets and the signed ones the caller may see, newest first */
        get: operations["observations_list"];
        put?: never;
        /** The caller's sheet on a lesson, begun if there is none */
        post: operations["observations_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/observations/{sheet_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A sheet */
        get: operations["observations_get"];
        put?: never;
        post?: never;
        /** Throw a draft away */
        delete: operations["observations_discard"];
        options?: never;
        head?: never;
        /** Keep the draft */
        patch: operations["observations_save"];
        trace?: never;
    };
    "/api/observations/{sheet_id}/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign and lock */
        post: operations["observations_sign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/observations/{sheet_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Withdraw the signature */
        post: operations["observations_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/observations/{sheet_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The teacher has seen it */
        post: operations["observations_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/observations/{sheet_id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer it */
        post: operations["observations_answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/observation-averages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Averages of signed sheets per teacher, subject or pairing */
        get: operations["observations_averages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exemplary cases, newest first */
        get: operations["cases_list"];
        put?: never;
        /** The caller's case on a lesson, begun if there is none */
        post: operations["cases_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A case */
        get: operations["cases_get"];
        put?: never;
        post?: never;
        /** Throw a draft away that was never submitted */
        delete: operations["cases_discard"];
        options?: never;
        head?: never;
        /** Keep the draft */
        patch: operations["cases_save"];
        trace?: never;
    };
    "/api/cases/{case_id}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Submit, recall, return, select, publish, withdraw, report */
        post: operations["cases_step"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/colleagues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who can be an author of the case */
        get: operations["cases_colleagues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/pictures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a picture up (JPEG, PNG or WebP); it is kept as a JPEG without what the camera wrote into it */
        post: operations["cases_add_picture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/pictures/{picture_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture */
        get: operations["cases_picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/candidates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Experts of the subject's group, with what speaks against them */
        get: operations["cases_candidates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/reviewers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the case to two reviewers */
        post: operations["cases_assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cases/{case_id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Keep or send the caller's review */
        patch: operations["cases_review"];
        trace?: never;
    };
    "/api/cases/{case_id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Not review it */
        post: operations["cases_decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/case-goals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The year's cases against the goals */
        get: operations["cases_goals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/casebook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The year's casebook */
        get: operations["casebook_get"];
        put?: never;
        /** Keep it */
        post: operations["casebook_save"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/casebook.docx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The casebook for Word */
        get: operations["casebook_docx"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/casebook.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The casebook to print */
        get: operations["casebook_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recordings the caller may see, newest first */
        get: operations["library_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/watching": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recordings the caller began to watch and did not finish */
        get: operations["library_watching"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/position": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remember how far the caller watched */
        post: operations["library_position"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep for ever */
        post: operations["library_keep"];
        /** Keep for its term only */
        delete: operations["library_release"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put into the trash */
        post: operations["library_trash"];
        /** Take back out of the trash */
        delete: operations["library_restore"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log, newest first */
        get: operations["audit_log_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-log/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as CSV */
        get: operations["audit_log_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tracks, duration, gaps, files */
        get: operations["recordings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/tracks/{track}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One piece or init */
        get: operations["recordings_piece"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/hls/{playlist}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** HLS: `index.m3u8`, or of a source, a source's kind or a track; EVENT while it is recorded */
        get: operations["recordings_hls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/files/{track}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A whole track, Range-able */
        get: operations["recordings_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/chapters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Chapters and thumbnails */
        get: operations["chapters_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/thumbnails/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A sheet of thumbnails */
        get: operations["chapters_sheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/ingest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Room recorders that are pulled, and how they fare */
        get: operations["ingest_list"];
        put?: never;
        /** Pull a room recorder (RTSP, RTMP) and publish it */
        post: operations["ingest_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/ingest/{ingest_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Stop pulling */
        delete: operations["ingest_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Exports as one film, newest first */
        get: operations["exports_list"];
        put?: never;
        /** Make one MP4 of a closed recording */
        post: operations["exports_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/exports/{export_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An export and its progress */
        get: operations["exports_get"];
        put?: never;
        post?: never;
        /** Delete the film; the recording stays */
        delete: operations["exports_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/exports/{export_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop it; what is made stays for `resume` */
        post: operations["exports_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/exports/{export_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a cancelled or failed export */
        post: operations["exports_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording_id}/exports/{export_id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The film (MP4), Range-able */
        get: operations["exports_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/evaluation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The year's evaluation as it stands */
        get: operations["evaluation_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/evaluation/facts/{fact}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows a fact is counted from */
        get: operations["evaluation_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/evaluation/facts/{fact}/surveyed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The surveys' answers behind a satisfaction rate */
        get: operations["evaluation_surveyed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/evaluation/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The evaluation if facts were otherwise; nothing is kept */
        post: operations["evaluation_what_if"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/evaluation/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enter what the system cannot know */
        post: operations["evaluation_enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/evaluation/frozen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Frozen evaluations */
        get: operations["evaluation_frozen_list"];
        put?: never;
        /** Freeze and sign the evaluation as it stands */
        post: operations["evaluation_freeze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/evaluation/frozen/{frozen_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A frozen evaluation, computed again */
        get: operations["evaluation_frozen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last audits */
        get: operations["audits_list"];
        put?: never;
        /** Begin an audit */
        post: operations["audits_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readiness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Equipment, network spaces, agreements, small schools */
        get: operations["readiness_county"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readiness/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The standard of a classroom */
        get: operations["readiness_standard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readiness/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks of my classroom, or of my school */
        get: operations["readiness_own"];
        put?: never;
        /** Keep what a classroom measured of itself */
        post: operations["readiness_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readiness/agreements/{pairing_id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The scan of an agreement, as an attachment */
        get: operations["readiness_scan"];
        put?: never;
        /** Put up the scan of an agreement */
        post: operations["readiness_put_scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readiness/schools/{school_id}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A school's checks, newest first */
        get: operations["readiness_of_school"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/surveys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The year's surveys */
        get: operations["surveys_list"];
        put?: never;
        /** Begin a survey */
        post: operations["surveys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/survey-sheets/{audience}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions of an audience's questions */
        get: operations["surveys_sheets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/survey-sheets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new version of an audience's questions */
        post: operations["surveys_edit_sheet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/surveys/{survey_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A survey, and its results when it is closed */
        get: operations["surveys_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Another title or last day */
        patch: operations["surveys_update"];
        trace?: never;
    };
    "/api/surveys/{survey_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a survey now */
        post: operations["surveys_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/surveys/{survey_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Withdraw a survey */
        post: operations["surveys_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/surveys/{survey_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a withdrawal back */
        post: operations["surveys_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/surveys/{survey_id}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Single-use codes for new groups, to print */
        post: operations["surveys_add_groups"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/survey-groups/{group_id}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** New codes instead of a group's unused ones */
        post: operations["surveys_reissue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/survey-groups/{group_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a group that nobody answered for */
        delete: operations["surveys_remove_group"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/survey-answers/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What somebody with a code is asked */
        post: operations["surveys_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/survey-answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer with a code, once */
        post: operations["surveys_answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is live now */
        get: operations["system_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/snapshots/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A small picture of a live source */
        get: operations["wall_snapshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** State of the system */
        get: operations["system_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["system_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 200 once it can take a lesson */
        get: operations["system_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus metrics */
        get: operations["system_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Server-sent events */
        get: operations["events_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ice-servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Relays (TURN) */
        get: operations["network_ice_servers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/network-test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a network test */
        post: operations["network_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/network-test/{test_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a network test */
        delete: operations["network_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lessons/{lesson_id}/room": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lesson's WebSocket */
        get: operations["rooms_connect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whip/{lesson_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish (WHIP, RFC 9725) */
        post: operations["whip_publish"];
        delete?: never;
        /** CORS and Accept-Post */
        options: operations["whip_options"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whip/{lesson_id}/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End the session */
        delete: operations["whip_delete"];
        /** CORS, Accept-Patch */
        options: operations["whip_session_options"];
        head?: never;
        /** Trickle or ICE restart */
        patch: operations["whip_patch"];
        trace?: never;
    };
    "/whep/{lesson_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Play (WHEP) */
        post: operations["whip_play"];
        delete?: never;
        /** CORS and Accept-Post */
        options: operations["whip_play_options"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whep/{lesson_id}/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End the session */
        delete: operations["whip_play_delete"];
        /** CORS and Accept-Patch */
        options: operations["whip_play_session_options"];
        head?: never;
        /** Trickle or ICE restart */
        patch: operations["whip_play_patch"];
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Accepted
         * @description 202: it will be done; look at the lesson's state.
         */
        Accepted: {
            /** Lesson Id */
            lesson_id: string;
            /**
             * Queued
             * @default true
             */
            queued: boolean;
        };
        /**
         * AgreementAnswer
         * @description A pairing and its registered agreement (`entry_id` null: none), and its scan (`file_url` null: none).
         */
        AgreementAnswer: {
            /** Pairing Id */
            pairing_id: string;
            /** Number */
            number: number;
            /** Supporting School Id */
            supporting_school_id: string;
            /** Receiving School Id */
            receiving_school_id: string;
            /** Agreement Number */
            agreement_number: string;
            /** Signed On */
            signed_on: string | null;
            /** File Name */
            file_name: string;
            /** File Url */
            file_url: string | null;
            /** Entry Id */
            entry_id: string | null;
        };
        /**
         * AnswerRequest
         * @description `answers`: by question, the number of the choice, from 0.
         */
        AnswerRequest: {
            /** Code */
            code: string;
            /** Answers */
            answers: {
                [key: string]: number;
            };
        };
        /** AskRequest */
        AskRequest: {
            /** Code */
            code: string;
        };
        /**
         * Asked
         * @description What somebody with a code is asked.
         */
        Asked: {
            audience: components["schemas"]["Audience"];
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /**
             * Closes On
             * Format: date
             */
            closes_on: string;
            sheet: components["schemas"]["SheetBody"];
        };
        /**
         * Audience
         * @description Who is asked: the four kinds of satisfaction of the evaluation (annex 4, paper 2, section 1).
         * @enum {string}
         */
        Audience: "pupils" | "teachers" | "parents" | "society";
        /**
         * AuditAnswer
         * @description A run. `ended_at` null: under way. `found` may be more than the differences that are kept.
         */
        AuditAnswer: {
            /** Id */
            id: string;
            /** By */
            by: string;
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at: string | null;
            /** Lessons */
            lessons: number;
            /** Entries */
            entries: number;
            /** Evaluations */
            evaluations: number;
            /** Found */
            found: number;
            /** Failed */
            failed: string;
            /** Differences */
            differences: components["schemas"]["DifferenceAnswer"][];
        };
        /**
         * AuditLogAnswer
         * @description Who did what to what, when and from where. `topic`: of the lesson, when the subject is one.
         */
        AuditLogAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Actor Id */
            actor_id: string;
            /** Actor */
            actor: string;
            /** Action */
            action: string;
            /** Subject */
            subject: string;
            /** Topic */
            topic: string | null;
            /** Detail */
            detail: string;
            /** Address */
            address: string;
        };
        /** AuthorAnswer */
        AuthorAnswer: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** School Id */
            school_id: string | null;
            /** School Name */
            school_name: string | null;
        };
        /**
         * AverageAnswer
         * @description One group. `name` is that of the teacher or the subject; a pairing's is made of its schools' names.
         */
        AverageAnswer: {
            /** Key */
            key: string;
            /** Name */
            name: string;
            /** Sheets */
            sheets: number;
            /** Lessons */
            lessons: number;
            /** Mean */
            mean: number;
            /** Lowest */
            lowest: number;
            /** Highest */
            highest: number;
            /** Bands */
            bands: components["schemas"]["BandCount"][];
        };
        /** BandAnswer */
        BandAnswer: {
            /** At */
            at: number;
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
        };
        /** BandBody */
        BandBody: {
            /** At */
            at: number;
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
        };
        /** BandCount */
        BandCount: {
            /** At */
            at: number;
            /** Sheets */
            sheets: number;
        };
        /**
         * BoardAnswer
         * @description `note`: how the notice was read where it is ambiguous; shown beside the figures.
         */
        BoardAnswer: {
            /** Year */
            year: number;
            /**
             * Deadline
             * Format: date-time
             */
            deadline: string;
            /**
             * Now
             * Format: date-time
             */
            now: string;
            /** Subjects */
            subjects: components["schemas"]["SubjectAnswer"][];
            /** Target Per Subject */
            target_per_subject: number;
            /** Target Total */
            target_total: number;
            /** Target Subjects */
            target_subjects: number;
            /** Target Other Forms */
            target_other_forms: number;
            /** Schools */
            schools: components["schemas"]["BoardSchool"][];
            /** Items */
            items: components["schemas"]["BoardItem"][];
            /** Weeks */
            weeks: components["schemas"]["BoardWeek"][];
            /** Milestones */
            milestones: components["schemas"]["MilestoneAnswer"][];
            /** Note */
            note: string;
            /** Note En */
            note_en: string;
        };
        /**
         * BoardCell
         * @description `forecast` null: too early in the season to say.
         */
        BoardCell: {
            /** Subject Id */
            subject_id: string;
            /** Credited */
            credited: number;
            /** Target */
            target: number;
            /** Pace Needed Per Week */
            pace_needed_per_week: number | null;
            forecast: components["schemas"]["ForecastAnswer"] | null;
        };
        /**
         * BoardForm
         * @description Sessions of one of the other forms; one form that reaches its target is enough.
         */
        BoardForm: {
            form: components["schemas"]["Form"];
            /** Credited */
            credited: number;
            /** Target */
            target: number;
        };
        /** BoardItem */
        BoardItem: {
            /** School Id */
            school_id: string;
            /** Subject Id */
            subject_id: string;
            /** Credited */
            credited: number;
            /** Target */
            target: number;
        };
        /**
         * BoardLoss
         * @description So many lessons lost to one cause; `code` of the reason, "" where the standing says it all.
         */
        BoardLoss: {
            standing: components["schemas"]["Standing"];
            /** Code */
            code: string;
            /** Count */
            count: number;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
        };
        /**
         * BoardRow
         * @description A lesson behind a figure, as it stands for the school asked for (or for the county). `text`: why not.
         */
        BoardRow: {
            lesson: components["schemas"]["LessonAnswer"];
            standing: components["schemas"]["Standing"];
            /** Code */
            code: string;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
        };
        /**
         * BoardSchool
         * @description One school's year; `pace_needed_per_week` null: the target is reached or the deadline is over.
         *
         *     `weekly`: credited in each of the board's weeks; `losses`: what lessons were lost to, the most frequent first.
         */
        BoardSchool: {
            /** School Id */
            school_id: string;
            /** School Name */
            school_name: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "supporting" | "receiving";
            /** Subjects */
            subjects: components["schemas"]["BoardCell"][];
            /** Total */
            total: number;
            /** Target Total */
            target_total: number;
            /** Subjects Reached */
            subjects_reached: number;
            /** Forms */
            forms: components["schemas"]["BoardForm"][];
            /** Pace Needed Per Week */
            pace_needed_per_week: number | null;
            /** Behind */
            behind: boolean;
            forecast: components["schemas"]["ForecastAnswer"] | null;
            /** Weekly */
            weekly: number[];
            standings: components["schemas"]["Standings"];
            /** Losses */
            losses: components["schemas"]["BoardLoss"][];
        };
        /**
         * BoardWeek
         * @description A week of the season: its school days up to today and still to come, and the lessons that began in it.
         */
        BoardWeek: {
            /** Begins */
            begins: string;
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
            /** Taught Days */
            taught_days: number;
            /** Left Days */
            left_days: number;
            standings: components["schemas"]["Standings"];
        };
        /** CancelRequest */
        CancelRequest: {
            /** Reason */
            reason: string;
        };
        /**
         * CandidateAnswer
         * @description An expert of the group. `id` null: nobody of that name has an account. `against`: why not; null: may review.
         */
        CandidateAnswer: {
            /** Id */
            id: string | null;
            /** Name */
            name: string;
            /** Leads */
            leads: boolean;
            /** School Name */
            school_name: string | null;
            /** Open Reviews */
            open_reviews: number;
            /** Against */
            against: string | null;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
        };
        /**
         * CaseAnswer
         * @description A whole case. `recording`: the lesson whose recording can be watched with it. `steps`: what the caller may do.
         */
        CaseAnswer: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            state: components["schemas"]["CaseState"];
            lesson: components["schemas"]["LessonAnswer"];
            /** Authors */
            authors: components["schemas"]["AuthorAnswer"][];
            /** Mine */
            mine: boolean;
            verdict: components["schemas"]["VerdictAnswer"] | null;
            review: components["schemas"]["ReviewAnswer"] | null;
            /** Reviewers */
            reviewers: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Submitted At */
            submitted_at: string | null;
            /** Published At */
            published_at: string | null;
            /** Reported At */
            reported_at: string | null;
            /** Honoured At */
            honoured_at: string | null;
            /** Round */
            round: number;
            /** Version */
            version: number;
            /** Texts */
            texts: {
                [key: string]: string;
            };
            /** Pictures */
            pictures: components["schemas"]["CasePicture"][];
            /** Materials */
            materials: components["schemas"]["CaseMaterial"][];
            /** Material Ids */
            material_ids: string[];
            /** Recording Id */
            recording_id: string | null;
            recording: components["schemas"]["LessonAnswer"] | null;
            /** Reviews */
            reviews: components["schemas"]["ReviewAnswer"][];
            /** Events */
            events: components["schemas"]["CaseEventAnswer"][];
            /** Steps */
            steps: components["schemas"]["CaseStep"][];
            /** Parts */
            parts: components["schemas"]["Part"][];
            /** Criteria */
            criteria: components["schemas"]["CriterionAnswer"][];
            /** Changed By */
            changed_by: string;
        };
        /** CaseEventAnswer */
        CaseEventAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            step: components["schemas"]["CaseStep"];
            /** Actor */
            actor: string;
            /** Text */
            text: string;
        };
        /**
         * CaseGoalsAnswer
         * @description `to_report`: a tenth of the paired schools, rounded up. `formed`: selected or published.
         */
        CaseGoalsAnswer: {
            /** Year */
            year: number;
            /** Paired Schools */
            paired_schools: number;
            /** To Report */
            to_report: number;
            /** Reported */
            reported: number;
            /** Honoured */
            honoured: number;
            /** County */
            county: number;
            /** Formed */
            formed: number;
            /** Subject Least */
            subject_least: number;
            /** Subject Most */
            subject_most: number;
            /** Subjects */
            subjects: components["schemas"]["SubjectGoalAnswer"][];
            /** States */
            states: {
                [key: string]: number;
            };
        };
        /**
         * CaseItem
         * @description A case in a list. `verdict`: for the county. `review`: the caller's own. `reviewers`: seats that are taken.
         */
        CaseItem: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            state: components["schemas"]["CaseState"];
            lesson: components["schemas"]["LessonAnswer"];
            /** Authors */
            authors: components["schemas"]["AuthorAnswer"][];
            /** Mine */
            mine: boolean;
            verdict: components["schemas"]["VerdictAnswer"] | null;
            review: components["schemas"]["ReviewAnswer"] | null;
            /** Reviewers */
            reviewers: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Submitted At */
            submitted_at: string | null;
            /** Published At */
            published_at: string | null;
            /** Reported At */
            reported_at: string | null;
            /** Honoured At */
            honoured_at: string | null;
            /** Round */
            round: number;
            /** Version */
            version: number;
        };
        /** CaseMaterial */
        CaseMaterial: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Size */
            size: number;
            /** Url */
            url: string;
        };
        /**
         * CaseMove
         * @description `version`: the one that the decision was made on. `reason`: needed for steps against somebody.
         */
        CaseMove: {
            step: components["schemas"]["CaseStep"];
            /** Version */
            version: number;
            /**
             * Reason
             * @default
             */
            reason?: string;
        };
        /** CaseOpen */
        CaseOpen: {
            /** Lesson Id */
            lesson_id: string;
        };
        /** CasePicture */
        CasePicture: {
            /** Id */
            id: string;
            section: components["schemas"]["Section"];
            /** Caption */
            caption: string;
            /** Url */
            url: string;
        };
        /**
         * CaseSave
         * @description The whole draft as it stands. `recording_id`: the lesson whose recording goes with it.
         */
        CaseSave: {
            /** Version */
            version: number;
            /** Title */
            title: string;
            /** Texts */
            texts: {
                [key: string]: string;
            };
            /** Author Ids */
            author_ids: string[];
            /** Recording Id */
            recording_id: string | null;
            /** Material Ids */
            material_ids: string[];
            /** Pictures */
            pictures: components["schemas"]["PlacedPicture"][];
        };
        /**
         * CaseState
         * @description Where a case is in its life.
         * @enum {string}
         */
        CaseState: "draft" | "submitted" | "in_review" | "reviewed" | "selected" | "not_selected" | "published" | "withdrawn";
        /**
         * CaseStep
         * @description What happens to a case.
         * @enum {string}
         */
        CaseStep: "begun" | "submitted" | "recalled" | "assigned" | "declined" | "scored" | "reviewed" | "returned" | "selected" | "passed_over" | "reconsidered" | "published" | "withdrawn" | "reported" | "unreported" | "honoured" | "unhonoured";
        /**
         * CasebookAnswer
         * @description `version` 0: a first proposal that nobody kept. `others`: published cases that are not in it.
         */
        CasebookAnswer: {
            /** Year */
            year: number;
            /** Version */
            version: number;
            /** Title */
            title: string;
            /** Editor */
            editor: string;
            /** Preface */
            preface: string;
            /** Chapters */
            chapters: components["schemas"]["ChapterAnswer"][];
            /** Others */
            others: components["schemas"]["ChapterAnswer"][];
            /** Updated At */
            updated_at: string | null;
        };
        /** CasebookSave */
        CasebookSave: {
            /** Year */
            year: number;
            /** Version */
            version: number;
            /** Title */
            title: string;
            /** Editor */
            editor: string;
            /** Preface */
            preface: string;
            /** Case Ids */
            case_ids: string[];
        };
        /**
         * CellProblemAnswer
         * @description What is wrong in a workbook, where, and how to mend it.
         */
        CellProblemAnswer: {
            /** Sheet */
            sheet: string;
            /** Cell */
            cell: string;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
            /** Fix */
            fix: string;
            /** Fix En */
            fix_en: string;
            /** Warning */
            warning: boolean;
        };
        /**
         * ChangedAnswer
         * @description `made` false: a dry run, nothing was changed.
         */
        ChangedAnswer: {
            /** Made */
            made: boolean;
            /** Lessons */
            lessons: components["schemas"]["LessonAnswer"][];
            /** Notices */
            notices: components["schemas"]["TimetableNotice"][];
        };
        /**
         * Chapter
         * @description `start`: seconds on the lesson's clock.
         */
        Chapter: {
            /** Start */
            start: number;
        };
        /**
         * ChapterAnswer
         * @description A case that is, or may be put, into the casebook.
         */
        ChapterAnswer: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** Subject */
            subject: string;
        };
        /**
         * ChaptersAnswer
         * @description Both empty until the recording has been verified.
         */
        ChaptersAnswer: {
            /** Chapters */
            chapters: components["schemas"]["Chapter"][];
            /** Thumbnails */
            thumbnails: components["schemas"]["ThumbnailSheet"][];
        };
        /** CheckRequest */
        CheckRequest: {
            /** Lesson Id */
            lesson_id: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /**
             * Teacher Id
             * @default null
             */
            teacher_id?: string | null;
        };
        /** Choice */
        Choice: {
            /** Value */
            value: string;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
        };
        /** ClassroomEvidence */
        ClassroomEvidence: {
            /** School Id */
            school_id: string;
            /** Received Seconds */
            received_seconds: number;
            /** Sent Seconds */
            sent_seconds: number;
            /** Received Share */
            received_share: number;
            /** Sent Share */
            sent_share: number;
        };
        /** CodeGroup */
        CodeGroup: {
            group: components["schemas"]["SurveyGroupAnswer"];
            /** Codes */
            codes: components["schemas"]["SurveyCode"][];
        };
        /**
         * CodeSheet
         * @description Codes to print, told once.
         */
        CodeSheet: {
            survey: components["schemas"]["SurveyAnswer"];
            /** Groups */
            groups: components["schemas"]["CodeGroup"][];
        };
        /**
         * CourseAnswer
         * @description `played`: one for each receiving school. `needed_share`: of the recording, for the class to be counted.
         */
        CourseAnswer: {
            lesson: components["schemas"]["LessonAnswer"];
            /** Recording Id */
            recording_id: string;
            /** Duration */
            duration: number;
            /** Needed Share */
            needed_share: number;
            /** Played */
            played: components["schemas"]["PlayedAnswer"][];
        };
        /**
         * CourseCreate
         * @description A recorded lesson given to classes. `topic`: that of the recorded lesson unless another is given.
         */
        CourseCreate: {
            /**
             * Form
             * @enum {string}
             */
            form: "delivered" | "master";
            /** Recording Id */
            recording_id: string;
            /** Pairing Id */
            pairing_id: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /**
             * Topic
             * @default null
             */
            topic?: string | null;
            /**
             * Receiving School Ids
             * @default null
             */
            receiving_school_ids?: string[] | null;
        };
        /** CreditRequest */
        CreditRequest: {
            /** School Id */
            school_id: string;
            /** Reason */
            reason: string;
        };
        /**
         * CreditingPolicy
         * @description When a lesson counts (DOMAIN: the six conditions). Shares 0..1, times in seconds.
         */
        CreditingPolicy: {
            /** Name */
            name: string;
            /** Version */
            version: string;
            /** Lasted Share */
            lasted_share: number;
            /** Present Share */
            present_share: number;
            /** Two Way Share */
            two_way_share: number;
            /** Max Gap Seconds */
            max_gap_seconds: number;
            /** Max Black Or Frozen Share */
            max_black_or_frozen_share: number;
            /** Max Silent Share */
            max_silent_share: number;
            /** Min Planned Minutes */
            min_planned_minutes: number;
        };
        /** CriterionAnswer */
        CriterionAnswer: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
            /** Full */
            full: number;
        };
        /** DeviceAnswer */
        DeviceAnswer: {
            /** Id */
            id: string;
            /** School Id */
            school_id: string;
            /** School Name */
            school_name: string;
            /** Name */
            name: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Redeemed At */
            redeemed_at: string | null;
            /** Last Seen At */
            last_seen_at: string | null;
            /** Revoked */
            revoked: boolean;
        };
        /**
         * DeviceCode
         * @description `code` is shown once and works once.
         */
        DeviceCode: {
            device: components["schemas"]["DeviceAnswer"];
            /** Code */
            code: string;
        };
        /** DeviceCreate */
        DeviceCreate: {
            /** School Id */
            school_id: string;
            /** Name */
            name: string;
        };
        /** DifferenceAnswer */
        DifferenceAnswer: {
            /** About */
            about: string;
            /** Id */
            id: string;
            /** Code */
            code: string;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
        };
        /**
         * DiskAnswer
         * @description Bytes.
         */
        DiskAnswer: {
            /** Free */
            free: number;
            /** Total */
            total: number;
        };
        /**
         * DoubtAnswer
         * @description A doubt with its evidence. `school_id` null: about the lesson as a whole. `credited`: schools for which the
         *     lesson stands credited. `may_take`: the steps that the caller may take now.
         */
        DoubtAnswer: {
            /** Id */
            id: string;
            lesson: components["schemas"]["LessonAnswer"];
            kind: components["schemas"]["Kind"];
            /** School Id */
            school_id: string | null;
            state: components["schemas"]["DoubtState"];
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
            /** Figures */
            figures: {
                [key: string]: unknown;
            };
            /** Moments */
            moments: components["schemas"]["MomentAnswer"][];
            /**
             * Found At
             * Format: date-time
             */
            found_at: string;
            /** Credited */
            credited: string[];
            /** May Take */
            may_take: components["schemas"]["DoubtStep"][];
            /** Events */
            events: components["schemas"]["DoubtEventAnswer"][];
            /** Version */
            version: number;
        };
        /** DoubtEventAnswer */
        DoubtEventAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            step: components["schemas"]["DoubtStep"];
            /** Actor */
            actor: string;
            /** Text */
            text: string;
        };
        /**
         * DoubtState
         * @description Where a doubt stands.
         * @enum {string}
         */
        DoubtState: "open" | "gone" | "dismissed" | "confirmed" | "appealed" | "upheld" | "granted";
        /**
         * DoubtStep
         * @description What happened to a doubt; the first two are the machine's.
         * @enum {string}
         */
        DoubtStep: "found" | "vanished" | "dismiss" | "reopen" | "confirm" | "appeal" | "uphold" | "grant";
        /**
         * DoubtTake
         * @description A person's step. `version`: the one that was looked at.
         */
        DoubtTake: {
            /** Version */
            version: number;
            /** Reason */
            reason: string;
        };
        /**
         * End
         * @description Whom an item looks at.
         * @enum {string}
         */
        End: "both" | "rural" | "assistant";
        /**
         * EnterRequest
         * @description A fact, or a column of a list (`schools.equipment_met_on`) with the row's id as `subject`.
         */
        EnterRequest: {
            /**
             * Year
             * @default null
             */
            year?: number | null;
            /** Name */
            name: string;
            /**
             * Subject
             * @default
             */
            subject?: string;
            value: components["schemas"]["JsonValue"];
            /** Source */
            source: string;
        };
        /**
         * EnteredAnswer
         * @description What somebody wrote down, with where it is from. `subject`: the row's id, empty for the whole county.
         */
        EnteredAnswer: {
            /** Name */
            name: string;
            /** Subject */
            subject: string;
            value: components["schemas"]["JsonValue"];
            /** Source */
            source: string;
            /** Actor Name */
            actor_name: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * EntryAnswer
         * @description `values` by field key (references are ids, dates `2026-09-01`); `labels`: the references in words.
         */
        EntryAnswer: {
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Version */
            version: number;
            /** Archived */
            archived: boolean;
            /** Values */
            values: {
                [key: string]: string | number | string[] | null;
            };
            /** Labels */
            labels: {
                [key: string]: string;
            };
        };
        /** EntryCreate */
        EntryCreate: {
            /** Values */
            values: {
                [key: string]: string | number | string[] | null;
            };
        };
        /**
         * EntryUpdate
         * @description Fields that are not named stay. `version`: the one the change is based on; another is 409 with `current`.
         */
        EntryUpdate: {
            /** Version */
            version: number;
            /** Values */
            values: {
                [key: string]: string | number | string[] | null;
            };
        };
        /** EntryVersion */
        EntryVersion: {
            /** Version */
            version: number;
        };
        /**
         * EvaluationAnswer
         * @description How the year stands. `rules_year`: the year the rules were published for.
         */
        EvaluationAnswer: {
            /** Year */
            year: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Rules Id */
            rules_id: string;
            /** Rules Title */
            rules_title: string;
            /** Rules Title En */
            rules_title_en: string;
            /** Rules Source */
            rules_source: string;
            /** Rules Year */
            rules_year: number;
            /** Total */
            total: number;
            /** Was */
            was: number;
            /** Papers */
            papers: components["schemas"]["PaperAnswer"][];
            /** Levers */
            levers: components["schemas"]["LeverAnswer"][];
        };
        /**
         * Evidence
         * @description What was measured; see server/county/evidence.py. `live_from` and `live_to` are Unix seconds.
         */
        Evidence: {
            /** Planned Seconds */
            planned_seconds: number;
            /** Live From */
            live_from: number | null;
            /** Live To */
            live_to: number | null;
            /** Live Seconds */
            live_seconds: number;
            /** Teacher Seconds */
            teacher_seconds: number;
            /** Teacher Share */
            teacher_share: number;
            /** Classrooms */
            classrooms: components["schemas"]["ClassroomEvidence"][];
            /**
             * Recording Opens
             * @default null
             */
            recording_opens: boolean | null;
            /**
             * Recording Seconds
             * @default null
             */
            recording_seconds: number | null;
            /**
             * Gap Seconds
             * @default null
             */
            gap_seconds: number | null;
            /**
             * Black Or Frozen Share
             * @default null
             */
            black_or_frozen_share: number | null;
            /**
             * Silent Share
             * @default null
             */
            silent_share: number | null;
            /**
             * Quality
             * @default []
             */
            quality: components["schemas"]["QualityEvidence"][];
        } & {
            [key: string]: unknown;
        };
        /**
         * ExportAnswer
         * @description `progress` 0..1; `seconds` and `bytes` of the film once known; `url` when it is done.
         */
        ExportAnswer: {
            /** Id */
            id: string;
            /** Lesson Id */
            lesson_id: string;
            layout: components["schemas"]["Layout"];
            /** Main */
            main: string;
            /** Second */
            second: string | null;
            state: components["schemas"]["ExportState"];
            /** Progress */
            progress: number;
            /** Error */
            error: string | null;
            /** Seconds */
            seconds: number | null;
            /** Bytes */
            bytes: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** By */
            by: string;
            /** Url */
            url: string | null;
            /** Name */
            name: string;
        };
        /**
         * ExportRequest
         * @description `main` and `second` are sources of the recording; without them the screen (or teacher) and the teacher.
         */
        ExportRequest: {
            layout: components["schemas"]["Layout"];
            /**
             * Main
             * @default null
             */
            main?: string | null;
            /**
             * Second
             * @default null
             */
            second?: string | null;
        };
        /**
         * ExportState
         * @description Of an export; `cancelled` and `failed` ones can go on.
         * @enum {string}
         */
        ExportState: "queued" | "running" | "done" | "failed" | "cancelled";
        /**
         * FactAnswer
         * @description One quantity. `origin`: `counted` by the system, `entered` by a person, or `missing`.
         *
         *     `rows`: the list it is counted from (empty: none), `column` the column of it, `enter` whether a person enters it
         *     (the fact itself, or that column row by row). `surveyed`: counted from
         *     surveys' answers. `kind`: count, percent, flag, forms, counts; or of the column: date, flag, forms, count.
         */
        FactAnswer: {
            /** Name */
            name: string;
            /** Label */
            label: string;
            /** Label En */
            label_en: string;
            /** Kind */
            kind: string;
            value: components["schemas"]["JsonValue"];
            /** Origin */
            origin: string;
            /** Rows */
            rows: string;
            /** Column */
            column: string;
            /** Column Kind */
            column_kind: string;
            /** Enter */
            enter: boolean;
            /** Surveyed */
            surveyed: boolean;
            /** Options */
            options: string[];
            /** Entries */
            entries: components["schemas"]["EnteredAnswer"][];
        };
        /**
         * FactRow
         * @description A row that a fact is counted from. `adds`: what it adds to the fact; `value`: its column.
         */
        FactRow: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            value: components["schemas"]["JsonValue"];
            /** Adds */
            adds: number;
            entered: components["schemas"]["EnteredAnswer"] | null;
        };
        /**
         * FactRowsAnswer
         * @description All rows of the fact's list, those that count first; what they add sums to `total`, the fact's value.
         */
        FactRowsAnswer: {
            /** Fact */
            fact: string;
            /** Rows */
            rows: string;
            /** Column */
            column: string;
            /** Total */
            total: number;
            /** Items */
            items: components["schemas"]["FactRow"][];
        };
        /**
         * FeedAnswer
         * @description A calendar address. `school_id` null: of one's own lessons.
         */
        FeedAnswer: {
            /** Id */
            id: string;
            /** School Id */
            school_id: string | null;
            /** School Name */
            school_name: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Last Used At */
            last_used_at: string | null;
        };
        /** FeedCreate */
        FeedCreate: {
            /**
             * School Id
             * @default null
             */
            school_id?: string | null;
        };
        /**
         * FeedCreated
         * @description `path`: below the address of the pages; told this once.
         */
        FeedCreated: {
            feed: components["schemas"]["FeedAnswer"];
            /** Path */
            path: string;
        };
        /**
         * FieldAnswer
         * @description One field of a kind. `of`: the kind a reference points to.
         */
        FieldAnswer: {
            /** Key */
            key: string;
            /**
             * Type
             * @enum {string}
             */
            type: "text" | "username" | "whole" | "date" | "choice" | "names" | "ref";
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** Required */
            required: boolean;
            /** Most */
            most: number;
            /** Choices */
            choices: components["schemas"]["Choice"][];
            /** Of */
            of: string;
            /** Help */
            help: string;
            /** Help En */
            help_en: string;
        };
        /**
         * FieldProblem
         * @description One field of the body or query that is not as it should be.
         */
        FieldProblem: {
            /** Field */
            field: string;
            /** Detail */
            detail: string;
        };
        /**
         * FiguresBody
         * @description What a page measured; null: none of it. `seconds`: over which the network was. `way`: udp, tcp, turnUdp, …
         */
        FiguresBody: {
            /** Width */
            width: number | null;
            /** Height */
            height: number | null;
            /** Frame Rate */
            frame_rate: number | null;
            /** Brightness */
            brightness: number | null;
            /** Microphone Db */
            microphone_db: number | null;
            /** Speaker Db */
            speaker_db: number | null;
            /** Heard */
            heard: boolean;
            /** Echo Db */
            echo_db: number | null;
            /** Up Kbps */
            up_kbps: number | null;
            /** Down Kbps */
            down_kbps: number | null;
            /** Loss */
            loss: number | null;
            /** Round Trip Ms */
            round_trip_ms: number | null;
            /** Seconds */
            seconds: number;
            /** Way */
            way: string;
        };
        /**
         * ForecastAnswer
         * @description The count at the deadline: the likely one, 80 % interval, the chance (0..1) of reaching the target.
         */
        ForecastAnswer: {
            /** Low */
            low: number;
            /** Likely */
            likely: number;
            /** High */
            high: number;
            /** Chance */
            chance: number;
        };
        /**
         * Form
         * @description The four forms of help the notice counts.
         * @enum {string}
         */
        Form: "synchronous" | "delivered" | "training" | "master";
        /** FreezeRequest */
        FreezeRequest: {
            /**
             * Year
             * @default null
             */
            year?: number | null;
            /** Note */
            note: string;
        };
        /**
         * FrozenAnswer
         * @description A frozen evaluation. `genuine`: content and signature are what was frozen here.
         */
        FrozenAnswer: {
            /** Id */
            id: string;
            /** Year */
            year: number;
            /** Level */
            level: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Actor Name */
            actor_name: string;
            /** Note */
            note: string;
            /** Rules Id */
            rules_id: string;
            /** Total */
            total: number;
            /** Totals */
            totals: {
                [key: string]: number;
            };
            /** Digest */
            digest: string;
            /** Signature */
            signature: string;
            /** Genuine */
            genuine: boolean;
        };
        /**
         * FrozenDetail
         * @description With its texts: `tongke evaluate` computes the same from `rules` and `facts`. `differences`: computed again.
         */
        FrozenDetail: {
            /** Id */
            id: string;
            /** Year */
            year: number;
            /** Level */
            level: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Actor Name */
            actor_name: string;
            /** Note */
            note: string;
            /** Rules Id */
            rules_id: string;
            /** Total */
            total: number;
            /** Totals */
            totals: {
                [key: string]: number;
            };
            /** Digest */
            digest: string;
            /** Signature */
            signature: string;
            /** Genuine */
            genuine: boolean;
            /** Rules */
            rules: string;
            /** Facts */
            facts: string;
            /** Result */
            result: {
                [key: string]: unknown;
            };
            /** Differences */
            differences: components["schemas"]["DifferenceAnswer"][];
        };
        /** Gap */
        Gap: {
            /** Track */
            track: string;
            /** Start */
            start: number;
            /** End */
            end: number;
        };
        /** GivenPassword */
        GivenPassword: {
            /** Username */
            username: string;
            /** Name */
            name: string;
            /** School */
            school: string;
            /** Password */
            password: string;
        };
        /**
         * GroupCreate
         * @description `name` may be empty where a school is one group; `school_id` null: of no school, such as a town.
         */
        GroupCreate: {
            /**
             * School Id
             * @default null
             */
            school_id?: string | null;
            /**
             * Name
             * @default
             */
            name?: string;
            /** Codes */
            codes: number;
        };
        /**
         * GroupsCreate
         * @description `origin`: the address of the pages, as phones reach them.
         */
        GroupsCreate: {
            /** Origin */
            origin: string;
            /** Groups */
            groups: components["schemas"]["GroupCreate"][];
        };
        /**
         * GrowingPiece
         * @description The piece that is being written; its first `bytes` are there, whole chunks, to be had by Range.
         */
        GrowingPiece: {
            /** Url */
            url: string;
            /** Bytes */
            bytes: number;
        };
        /** HealthAnswer */
        HealthAnswer: {
            /**
             * Status
             * @default ok
             * @constant
             */
            status: "ok";
        };
        /**
         * Hls
         * @description Addresses of HLS playlists: of everything, and of each source. VP8 tracks are in none.
         */
        Hls: {
            /** Url */
            url: string | null;
            /** Sources */
            sources: {
                [key: string]: string;
            };
        };
        /**
         * IceServer
         * @description As RTCPeerConnection takes it (`RTCIceServer`).
         */
        IceServer: {
            /** Urls */
            urls: string[];
            /** Username */
            username: string;
            /** Credential */
            credential: string;
        };
        /**
         * IceServersAnswer
         * @description `ice_servers` is empty where no relay is configured; until `expires_at` the credentials open one.
         */
        IceServersAnswer: {
            /** Ice Servers */
            ice_servers: components["schemas"]["IceServer"][];
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * ImportAnswer
         * @description `applied` false: nothing changed, because it was a dry run or because of the problems. `rows`: the first 500.
         */
        ImportAnswer: {
            /** Applied */
            applied: boolean;
            /** Possible */
            possible: boolean;
            /** Created */
            created: number;
            /** Updated */
            updated: number;
            /** Unchanged */
            unchanged: number;
            /** Rows */
            rows: components["schemas"]["ImportedRow"][];
            /** Problems */
            problems: components["schemas"]["CellProblemAnswer"][];
        };
        /** ImportedRow */
        ImportedRow: {
            /** Sheet */
            sheet: string;
            /** Row */
            row: number;
            /**
             * Action
             * @enum {string}
             */
            action: "create" | "update";
            /** Title */
            title: string;
            /** Fields */
            fields: string[];
        };
        /**
         * IngestAnswer
         * @description `url` without credentials. `code`: why it is `waiting`; `reordered` when `live`: it may look jerky.
         */
        IngestAnswer: {
            /** Id */
            id: string;
            /** Lesson Id */
            lesson_id: string;
            /** Source */
            source: string;
            /** Url */
            url: string;
            /** By */
            by: string;
            /**
             * State
             * @enum {string}
             */
            state: "connecting" | "live" | "waiting";
            /** Code */
            code: string;
            /** Video */
            video: string;
            /** Audio */
            audio: string;
            /**
             * Since
             * Format: date-time
             */
            since: string;
        };
        /**
         * IngestRequest
         * @description `url`: rtsp:// or rtmp://, credentials in it. `role`: whose place it takes; a classroom's with its school.
         */
        IngestRequest: {
            /** Url */
            url: string;
            /**
             * Role
             * @default classroom
             * @enum {string}
             */
            role?: "teacher" | "classroom";
            /**
             * School Id
             * @default null
             */
            school_id?: string | null;
        };
        /**
         * Item
         * @description What is held against the standard, in the order of the check.
         * @enum {string}
         */
        Item: "camera" | "resolution" | "microphone" | "speaker" | "echo" | "up" | "down" | "loss" | "delay";
        /**
         * ItemAnswer
         * @description `full` null: a bonus. `was`: the score as it really stands, where something else is asked.
         */
        ItemAnswer: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** Full */
            full: number | null;
            /** Score */
            score: number;
            /** Was */
            was: number;
            /** Deducted */
            deducted: number;
            /** Note */
            note: string;
            /** Note En */
            note_en: string;
            /** Known */
            known: boolean;
            /** Facts */
            facts: components["schemas"]["FactAnswer"][];
        };
        /** ItemBody */
        ItemBody: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
            /** Full */
            full: number;
            end: components["schemas"]["End"];
        };
        JsonValue: unknown;
        /**
         * Kept
         * @description Somebody marked the recording to be kept for ever.
         */
        Kept: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** By */
            by: string;
            /** Reason */
            reason: string;
        };
        /**
         * Kind
         * @description What is doubted; docs/honesty.md says what each is found by.
         * @enum {string}
         */
        Kind: "nobody" | "still" | "loop" | "copy" | "muted" | "at_once" | "cut_short" | "short_plan" | "clock" | "borrowed";
        /**
         * KindAnswer
         * @description A kind of roster entry, for the page that edits it.
         */
        KindAnswer: {
            /** Name */
            name: string;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** Fields */
            fields: components["schemas"]["FieldAnswer"][];
        };
        /**
         * Layout
         * @description How the pictures lie.
         * @enum {string}
         */
        Layout: "side_by_side" | "picture_in_picture" | "one";
        /** LedgerAnswer */
        LedgerAnswer: {
            /** Id */
            id: string;
            /** Lesson Id */
            lesson_id: string;
            /** School Id */
            school_id: string;
            /** School Name */
            school_name: string;
            /** Subject Id */
            subject_id: string;
            form: components["schemas"]["Form"];
            /** Amount */
            amount: number;
            /** Reverses */
            reverses: string | null;
            /** Reason */
            reason: string;
            /** Evidence */
            evidence: {
                [key: string]: unknown;
            };
            /** Policy Version */
            policy_version: string;
            /** Actor */
            actor: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /** LessonAnswer */
        LessonAnswer: {
            /** Id */
            id: string;
            form: components["schemas"]["Form"];
            /** Pairing Id */
            pairing_id: string;
            /** Supporting School Id */
            supporting_school_id: string;
            /** Supporting School */
            supporting_school: string;
            /** Receiving Schools */
            receiving_schools: components["schemas"]["SchoolRef"][];
            /** Subject */
            subject: string;
            /** Subject Name */
            subject_name: string;
            /** Topic */
            topic: string;
            /** Teacher Id */
            teacher_id: string | null;
            /** Teacher Name */
            teacher_name: string | null;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Planned Minutes */
            planned_minutes: number;
            /** Policy */
            policy: string;
            state: components["schemas"]["LessonState"];
            /** Started At */
            started_at: string | null;
            /** Ended At */
            ended_at: string | null;
            /** Version */
            version: number;
            /** Recording Id */
            recording_id: string | null;
            /** Reason */
            reason: string | null;
            /** Reason En */
            reason_en: string | null;
        };
        /** LessonCreate */
        LessonCreate: {
            /** Pairing Id */
            pairing_id: string;
            /** Subject */
            subject: string;
            /** Topic */
            topic: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Planned Minutes */
            planned_minutes: number;
            /**
             * Teacher Id
             * @default null
             */
            teacher_id?: string | null;
            /**
             * Receiving School Ids
             * @default null
             */
            receiving_school_ids?: string[] | null;
            /**
             * Policy
             * @default default
             */
            policy?: string;
        };
        /** LessonDetailAnswer */
        LessonDetailAnswer: {
            /** Id */
            id: string;
            form: components["schemas"]["Form"];
            /** Pairing Id */
            pairing_id: string;
            /** Supporting School Id */
            supporting_school_id: string;
            /** Supporting School */
            supporting_school: string;
            /** Receiving Schools */
            receiving_schools: components["schemas"]["SchoolRef"][];
            /** Subject */
            subject: string;
            /** Subject Name */
            subject_name: string;
            /** Topic */
            topic: string;
            /** Teacher Id */
            teacher_id: string | null;
            /** Teacher Name */
            teacher_name: string | null;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Planned Minutes */
            planned_minutes: number;
            /** Policy */
            policy: string;
            state: components["schemas"]["LessonState"];
            /** Started At */
            started_at: string | null;
            /** Ended At */
            ended_at: string | null;
            /** Version */
            version: number;
            /** Recording Id */
            recording_id: string | null;
            /** Reason */
            reason: string | null;
            /** Reason En */
            reason_en: string | null;
            /** Participants */
            participants: components["schemas"]["ParticipantAnswer"][];
            evidence: components["schemas"]["Evidence"] | null;
            policy_rules: components["schemas"]["CreditingPolicy"] | null;
            /** Credits */
            credits: components["schemas"]["LedgerAnswer"][];
            /** Reasons */
            reasons: components["schemas"]["ReasonAnswer"][];
            /** Events */
            events: components["schemas"]["LessonEventAnswer"][];
        };
        /** LessonEventAnswer */
        LessonEventAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            from: components["schemas"]["LessonState"] | null;
            to: components["schemas"]["LessonState"];
            /** Actor */
            actor: string;
            /** Reason */
            reason: string;
        };
        /**
         * LessonNotice
         * @description `data` of the server-sent event `lesson`.
         */
        LessonNotice: {
            /** Lesson Id */
            lesson_id: string;
            /** State */
            state: string;
            /** Receiving School Id */
            receiving_school_id: string;
            /** Supporting School Id */
            supporting_school_id: string;
        };
        /**
         * LessonState
         * @description A lesson's life; the legal transitions are a table in `county.lessons`.
         * @enum {string}
         */
        LessonState: "scheduled" | "live" | "ended" | "recorded" | "verified" | "credited" | "rejected" | "needs_review" | "cancelled" | "missed";
        /** LessonUpdate */
        LessonUpdate: {
            /** Version */
            version: number;
            /**
             * Topic
             * @default null
             */
            topic?: string | null;
            /**
             * Subject
             * @default null
             */
            subject?: string | null;
            /**
             * Starts At
             * @default null
             */
            starts_at?: string | null;
            /**
             * Planned Minutes
             * @default null
             */
            planned_minutes?: number | null;
            /**
             * Teacher Id
             * @default null
             */
            teacher_id?: string | null;
        };
        /**
         * LeverAnswer
         * @description A fact at its best gains `gain` points in all; one step (to `step`) gains `step_gain`.
         */
        LeverAnswer: {
            /** Paper Id */
            paper_id: string;
            /** Item Id */
            item_id: string;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** Fact */
            fact: string;
            /** Label */
            label: string;
            /** Label En */
            label_en: string;
            now: components["schemas"]["JsonValue"];
            best: components["schemas"]["JsonValue"];
            /** Gain */
            gain: number;
            step: components["schemas"]["JsonValue"];
            /** Step Gain */
            step_gain: number;
        };
        /**
         * LiveLesson
         * @description `quality`: the worst score (1 to 5) of each participant, of those that have one.
         */
        LiveLesson: {
            lesson: components["schemas"]["LessonAnswer"];
            /** Participants */
            participants: components["schemas"]["Presence"][];
            recording: components["schemas"]["RecordingState"];
            /** Quality */
            quality: {
                [key: string]: number;
            };
            /** Notes */
            notes: components["schemas"]["QualityNote"][];
            /** Snapshots */
            snapshots: components["schemas"]["Snapshot"][];
        };
        /** LoginAnswer */
        LoginAnswer: {
            /** Token */
            token: string;
            user: components["schemas"]["SessionUser"];
        };
        /** LoginRequest */
        LoginRequest: {
            /** Username */
            username: string;
            /** Password */
            password: string;
        };
        /**
         * MaterialAnswer
         * @description `offset`: bytes that are on the disk; `ready`: all of them, and looked at. `mine`: the caller put it up.
         */
        MaterialAnswer: {
            /** Id */
            id: string;
            /** Lesson Id */
            lesson_id: string;
            kind: components["schemas"]["MaterialKind"];
            /** Name */
            name: string;
            /** Size */
            size: number;
            /** Media Type */
            media_type: string;
            /** Uploader */
            uploader: string;
            /** School Id */
            school_id: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Ready */
            ready: boolean;
            /** Offset */
            offset: number;
            /** Mine */
            mine: boolean;
            /** Url */
            url: string;
        };
        /**
         * MaterialCreate
         * @description A file to be sent: its name with ending and its size in bytes.
         */
        MaterialCreate: {
            kind: components["schemas"]["MaterialKind"];
            /** Name */
            name: string;
            /** Size */
            size: number;
        };
        /**
         * MaterialKind
         * @description What a material is for.
         * @enum {string}
         */
        MaterialKind: "design" | "plan" | "video" | "file";
        /** MilestoneAnswer */
        MilestoneAnswer: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Due */
            due: string;
            /** Done On */
            done_on: string | null;
            /** Note */
            note: string;
            state: components["schemas"]["MilestoneState"];
        };
        /**
         * MilestoneState
         * @description How a milestone stands on a day.
         * @enum {string}
         */
        MilestoneState: "done" | "done_late" | "overdue" | "soon" | "ahead";
        /**
         * MomentAnswer
         * @description Seconds of the recording; `there`: where the same was before, in that of `lesson_id` (null: this one).
         */
        MomentAnswer: {
            /** Start */
            start: number;
            /** End */
            end: number;
            /** There */
            there: number | null;
            /** Lesson Id */
            lesson_id: string | null;
        };
        /**
         * NetworkTestAnswer
         * @description A test lesson: `token` opens `/whip/{id}` and `/whep/{id}` (both without `source`) until `expires_at`.
         */
        NetworkTestAnswer: {
            /** Id */
            id: string;
            /** Token */
            token: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Ice Servers */
            ice_servers: components["schemas"]["IceServer"][];
        };
        /** NoticesAnswer */
        NoticesAnswer: {
            /** Notices */
            notices: components["schemas"]["TimetableNotice"][];
        };
        /** OptionBody */
        OptionBody: {
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
        };
        /** PairingAnswer */
        PairingAnswer: {
            /** Id */
            id: string;
            /** Number */
            number: number;
            /** Supporting School Id */
            supporting_school_id: string;
            /** Supporting School */
            supporting_school: string;
            /** Receiving School Id */
            receiving_school_id: string;
            /** Receiving School */
            receiving_school: string;
            /** Researcher */
            researcher: string;
            /** Researcher Id */
            researcher_id: string;
            /** Archived */
            archived: boolean;
        };
        /** PaperAnswer */
        PaperAnswer: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** Full */
            full: number;
            /** Total */
            total: number;
            /** Was */
            was: number;
            /** Sections */
            sections: components["schemas"]["SectionAnswer"][];
        };
        /**
         * Part
         * @description In what part somebody acts on a case.
         * @enum {string}
         */
        Part: "author" | "reviewer" | "county";
        /** PartBody */
        PartBody: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
            /** Weight */
            weight: number;
            /** Items */
            items: components["schemas"]["ItemBody"][];
        };
        /** ParticipantAnswer */
        ParticipantAnswer: {
            /** Participant Id */
            participant_id: string;
            role: components["schemas"]["TokenRole"];
            /** School Id */
            school_id: string | null;
            /** Name */
            name: string;
            /** Seconds In */
            seconds_in: number;
            /** Seconds Out */
            seconds_out: number;
        };
        /** PasswordChange */
        PasswordChange: {
            /** Old */
            old: string;
            /** New */
            new: string;
        };
        /**
         * PasswordsAnswer
         * @description Passwords that are told this once. `left`: accounts still without one; ask again.
         */
        PasswordsAnswer: {
            /** Items */
            items: components["schemas"]["GivenPassword"][];
            /** Left */
            left: number;
        };
        /**
         * PictureAnswer
         * @description A picture that was put up; it stands nowhere yet.
         */
        PictureAnswer: {
            /** Id */
            id: string;
            /** Url */
            url: string;
        };
        /**
         * Piece
         * @description One closed piece of a track; `start` and `end` are seconds on the lesson's clock.
         */
        Piece: {
            /** Url */
            url: string;
            /** Start */
            start: number;
            /** End */
            end: number;
            /** Bytes */
            bytes: number;
        };
        /**
         * PlacedPicture
         * @description A picture where it stands.
         */
        PlacedPicture: {
            /** Id */
            id: string;
            section: components["schemas"]["Section"];
            /**
             * Caption
             * @default
             */
            caption?: string;
        };
        /** PlayedAnswer */
        PlayedAnswer: {
            /** School Id */
            school_id: string;
            /** Seconds */
            seconds: number;
            /** Share */
            share: number;
            /** Credited */
            credited: boolean;
            /** Spans */
            spans: [
                number,
                number
            ][];
            /** First At */
            first_at: string | null;
        };
        /**
         * PlayedReport
         * @description What a page has played since its last report: stretches of the recording in seconds, in the order played.
         */
        PlayedReport: {
            /** Claims */
            claims: [
                number,
                number
            ][];
            /**
             * Speed
             * @default 1
             */
            speed?: number;
        };
        /**
         * PositionRequest
         * @description How far the caller has watched; seconds on the lesson's clock.
         */
        PositionRequest: {
            /** Position */
            position: number;
            /** Duration */
            duration: number;
        };
        /**
         * Presence
         * @description Somebody in the room, as in the room's `presence`.
         */
        Presence: {
            /** Participant Id */
            participant_id: string;
            role: components["schemas"]["TokenRole"];
            /** School Id */
            school_id: string | null;
            /** Name */
            name: string;
            /** Connected */
            connected: boolean;
            /** Microphone */
            microphone: boolean;
            /** Camera */
            camera: boolean;
            /** Screen */
            screen: boolean;
            /** Publishing */
            publishing: string[];
            /** Hand */
            hand: boolean;
            /** Muted */
            muted: boolean;
        };
        /**
         * Problem
         * @description RFC 9457. `code` is stable, for programs; `detail` says what happened and what to do.
         */
        Problem: {
            /**
             * Type
             * @default about:blank
             */
            type: string;
            /** Title */
            title: string;
            /** Status */
            status: number;
            /** Detail */
            detail: string;
            /** Code */
            code: string;
            /** Errors */
            errors: components["schemas"]["FieldProblem"][];
        };
        /**
         * QrCode
         * @description A classroom's new one-time code; `svg` is the QR code of the address that redeems it.
         */
        QrCode: {
            device: components["schemas"]["DeviceAnswer"];
            /** Code */
            code: string;
            /** Address */
            address: string;
            /** Svg */
            svg: string;
        };
        /**
         * QrRequest
         * @description `origin`: the address of the pages, as the classroom's screen reaches them.
         */
        QrRequest: {
            /** Device Ids */
            device_ids: string[];
            /** Origin */
            origin: string;
        };
        /** QrSheet */
        QrSheet: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Items */
            items: components["schemas"]["QrCode"][];
        };
        /**
         * QualityEvidence
         * @description How good one participant's media was: `in` what it sent, `out` what it received; it credits nothing.
         */
        QualityEvidence: {
            /** Participant Id */
            participant_id: string;
            /**
             * Direction
             * @enum {string}
             */
            direction: "in" | "out";
            /** Minutes */
            minutes: number;
            /** Bad Minutes */
            bad_minutes: number;
            /** Mean Loss */
            mean_loss: number;
        };
        /**
         * QualityNote
         * @description Why it is bad, as in the room's `quality`; only what has lasted. Times are Unix seconds.
         */
        QualityNote: {
            /** Participant Id */
            participant_id: string | null;
            /**
             * Direction
             * @enum {string}
             */
            direction: "in" | "out" | "both" | "server";
            /** Code */
            code: string;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
            /** Since */
            since: number;
        };
        /**
         * QuestionBody
         * @description `options`: of a choice; a scale has five fixed steps. `overall`: the satisfaction rate is taken from it.
         */
        QuestionBody: {
            /** Id */
            id: string;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
            kind: components["schemas"]["QuestionKind"];
            /** Overall */
            overall: boolean;
            /** Options */
            options: components["schemas"]["OptionBody"][];
        };
        /**
         * QuestionKind
         * @description How a question is answered.
         * @enum {string}
         */
        QuestionKind: "scale" | "choice";
        /** ReadinessAnswer */
        ReadinessAnswer: {
            standard: components["schemas"]["StandardAnswer"];
            /** Schools */
            schools: components["schemas"]["SchoolReadinessAnswer"][];
            /** Agreements */
            agreements: components["schemas"]["AgreementAnswer"][];
            /** Small Schools */
            small_schools: components["schemas"]["SmallSchoolAnswer"][];
        };
        /**
         * ReadinessCheckAnswer
         * @description `failed`: what did not meet the standard of that version; [] is ready.
         */
        ReadinessCheckAnswer: {
            /** Id */
            id: string;
            /** School Id */
            school_id: string;
            /** Room Name */
            room_name: string;
            /** By Device */
            by_device: boolean;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Day
             * Format: date
             */
            day: string;
            /** By */
            by: string;
            /** Standard */
            standard: string;
            figures: components["schemas"]["FiguresBody"];
            /** Failed */
            failed: components["schemas"]["Item"][];
        };
        /**
         * ReadinessCheckRequest
         * @description `room`: the classroom's name, of a teacher's check; a screen has its own.
         */
        ReadinessCheckRequest: {
            /**
             * Room
             * @default
             */
            room?: string;
            figures: components["schemas"]["FiguresBody"];
        };
        /**
         * ReadyRoomAnswer
         * @description A classroom: its newest check, and the day it first met the standard.
         */
        ReadyRoomAnswer: {
            /** Room */
            room: string;
            /** Name */
            name: string;
            /** By Device */
            by_device: boolean;
            last: components["schemas"]["ReadinessCheckAnswer"] | null;
            /** First Met */
            first_met: string | null;
        };
        /**
         * ReasonAnswer
         * @description Why a school (null: nobody) is not credited for a lesson.
         */
        ReasonAnswer: {
            /** School Id */
            school_id: string | null;
            /** School Name */
            school_name: string | null;
            /** Code */
            code: string;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
        };
        /** ReasonRequest */
        ReasonRequest: {
            /** Reason */
            reason: string;
        };
        /** RecorderAnswer */
        RecorderAnswer: {
            /** Alive */
            alive: boolean;
            /** Trouble */
            trouble: string[];
        };
        /**
         * RecordingAnswer
         * @description A recording. `clock_zero` is Unix seconds; other times are seconds from it.
         *
         *     `position`: where the caller stopped, null when not begun or seen to the end.
         */
        RecordingAnswer: {
            /** Id */
            id: string;
            /** Lesson Id */
            lesson_id: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "closed";
            /** Clock Zero */
            clock_zero: number;
            /** Duration */
            duration: number;
            /** Gap Seconds */
            gap_seconds: number;
            /** Gaps */
            gaps: components["schemas"]["Gap"][];
            /** Tracks */
            tracks: components["schemas"]["Track"][];
            /** Files */
            files: components["schemas"]["TrackFile"][];
            hls: components["schemas"]["Hls"];
            verification: components["schemas"]["Verification"] | null;
            /**
             * Verifying
             * @default null
             */
            verifying: number | null;
            /** Position */
            position: number | null;
        };
        /**
         * RecordingItem
         * @description A recording in a list: its lesson, what it comes to, where the caller stopped (null: not begun, or seen).
         */
        RecordingItem: {
            /** Id */
            id: string;
            /** Lesson Id */
            lesson_id: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "closed";
            /** Duration */
            duration: number;
            /** Gap Seconds */
            gap_seconds: number;
            /** Bytes */
            bytes: number;
            /** Tracks */
            tracks: number;
            /** Position */
            position: number | null;
            shelf: components["schemas"]["ShelfAnswer"];
            lesson: components["schemas"]["LessonAnswer"];
        };
        /** RecordingState */
        RecordingState: {
            /**
             * State
             * @enum {string}
             */
            state: "idle" | "recording" | "trouble" | "closed";
            /**
             * Detail
             * @default
             */
            detail: string;
        };
        /** RedeemAnswer */
        RedeemAnswer: {
            /** Token */
            token: string;
            device: components["schemas"]["DeviceAnswer"];
        };
        /** RedeemRequest */
        RedeemRequest: {
            /** Code */
            code: string;
        };
        /**
         * Reissue
         * @description `more`: codes besides those that replace the unused ones.
         */
        Reissue: {
            /** Origin */
            origin: string;
            /**
             * More
             * @default 0
             */
            more?: number;
        };
        /**
         * RemarkAnswer
         * @description `second`: of the recording, null as long as there is none.
         */
        RemarkAnswer: {
            /** Key */
            key: string;
            /**
             * Moment
             * Format: date-time
             */
            moment: string;
            /** Second */
            second: number | null;
            kind: components["schemas"]["RemarkKind"];
            /** Text */
            text: string;
        };
        /**
         * RemarkBody
         * @description A remark on an instant of the lesson; `key` is the page's own name for it.
         */
        RemarkBody: {
            /** Key */
            key: string;
            /**
             * Moment
             * Format: date-time
             */
            moment: string;
            kind: components["schemas"]["RemarkKind"];
            /** Text */
            text: string;
        };
        /**
         * RemarkKind
         * @description What a remark is.
         * @enum {string}
         */
        RemarkKind: "praise" | "question" | "suggestion" | "note";
        /**
         * ReportAnswer
         * @description `until`: what happened up to then is in it; `about`: the pairing or subject, empty for the county.
         */
        ReportAnswer: {
            scope: components["schemas"]["Scope"];
            /** Scope Id */
            scope_id: string;
            /** Month */
            month: string;
            /** Title */
            title: string[];
            /** About */
            about: string[];
            /**
             * Made At
             * Format: date-time
             */
            made_at: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
            /** Facts */
            facts: components["schemas"]["ReportFact"][];
            /** Tables */
            tables: components["schemas"]["ReportTable"][];
        };
        /** ReportColumn */
        ReportColumn: {
            /** Title */
            title: string[];
            /** Width */
            width: number;
            /** Number */
            number: boolean;
        };
        /** ReportFact */
        ReportFact: {
            /** Title */
            title: string[];
            figure: components["schemas"]["ReportFigure"];
        };
        /**
         * ReportFigure
         * @description A text that differs by language is a pair: Chinese, English.
         */
        ReportFigure: {
            /** Value */
            value: number | string | string[] | null;
            opens: components["schemas"]["ReportOpens"] | null;
        };
        /**
         * ReportOpens
         * @description The query of `GET /api/board/rows` that lists what a figure counts.
         */
        ReportOpens: {
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
            /** School Id */
            school_id: string | null;
            /** Pairing Id */
            pairing_id: string | null;
            /** Subject Id */
            subject_id: string | null;
            /** Standings */
            standings: components["schemas"]["Standing"][];
        };
        /**
         * ReportSend
         * @description `note`: to whom; `correction`: what is put right, needed when it was sent before; `lang`: of the files.
         */
        ReportSend: {
            scope: components["schemas"]["Scope"];
            /**
             * Scope Id
             * @default
             */
            scope_id?: string;
            /** Month */
            month: string;
            /** Note */
            note: string;
            /**
             * Correction
             * @default
             */
            correction?: string;
            /**
             * Lang
             * @default zh
             */
            lang?: string;
        };
        /**
         * ReportTable
         * @description `empty`: what to say when there is no row.
         */
        ReportTable: {
            /** Id */
            id: string;
            /** Title */
            title: string[];
            /** Columns */
            columns: components["schemas"]["ReportColumn"][];
            /** Rows */
            rows: components["schemas"]["ReportFigure"][][];
            /** Empty */
            empty: string[];
        };
        /** RescheduleRequest */
        RescheduleRequest: {
            /** Version */
            version: number;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
        };
        /**
         * ResultLine
         * @description `kind`: total, school, group, or rest (`parts` that are not shown one by one, taken together).
         *
         *     `satisfied` and `counts` (by question, how often each choice was taken) are null where they would tell of fewer
         *     than five people.
         */
        ResultLine: {
            /** Kind */
            kind: string;
            /** School Id */
            school_id: string | null;
            /** School Name */
            school_name: string | null;
            /** Group Id */
            group_id: string | null;
            /** Name */
            name: string;
            /** Parts */
            parts: number;
            /** Of Total */
            of_total: boolean;
            /** Issued */
            issued: number;
            /** Answered */
            answered: number;
            /** Satisfied */
            satisfied: number | null;
            /** Counts */
            counts: {
                [key: string]: number[];
            } | null;
        };
        /** ReverseRequest */
        ReverseRequest: {
            /** Reason */
            reason: string;
        };
        /**
         * ReviewAnswer
         * @description `reviewer` is empty where it is not told.
         */
        ReviewAnswer: {
            /** Id */
            id: string;
            /** Round */
            round: number;
            /** Reviewer */
            reviewer: string;
            state: components["schemas"]["ReviewState"];
            /** Marks */
            marks: {
                [key: string]: number;
            };
            /** Total */
            total: number | null;
            /** Remarks */
            remarks: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Done At */
            done_at: string | null;
            /** Version */
            version: number;
        };
        /** ReviewDecline */
        ReviewDecline: {
            /** Reason */
            reason: string;
        };
        /**
         * ReviewSave
         * @description `done`: send it for good.
         */
        ReviewSave: {
            /** Version */
            version: number;
            /** Marks */
            marks: {
                [key: string]: number;
            };
            /** Remarks */
            remarks: string;
            /**
             * Done
             * @default false
             */
            done?: boolean;
        };
        /**
         * ReviewState
         * @description Where a review is in its life.
         * @enum {string}
         */
        ReviewState: "open" | "done" | "declined" | "replaced";
        /** ReviewersSet */
        ReviewersSet: {
            /** Version */
            version: number;
            /** Reviewer Ids */
            reviewer_ids: string[];
        };
        /**
         * Role
         * @description Who an account is. A device is a classroom's screen; it has no password, only a code redeemed once.
         * @enum {string}
         */
        Role: "admin" | "researcher" | "teacher" | "device";
        /**
         * RubricAnswer
         * @description One version. Version 1 of a new installation is that of its configuration and has no author.
         */
        RubricAnswer: {
            /** Version */
            version: number;
            rubric: components["schemas"]["RubricBody"];
            /** Created At */
            created_at: string | null;
            /** Author */
            author: string;
            /** Note */
            note: string;
        };
        /**
         * RubricBody
         * @description A form: the weights of its parts add up to 100, its bands fall to 0.
         */
        RubricBody: {
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
            /** Parts */
            parts: components["schemas"]["PartBody"][];
            /** Bands */
            bands: components["schemas"]["BandBody"][];
        };
        /**
         * RubricCreate
         * @description `based_on`: the newest version the editor saw.
         */
        RubricCreate: {
            /** Based On */
            based_on: number;
            rubric: components["schemas"]["RubricBody"];
            /**
             * Note
             * @default
             */
            note?: string;
        };
        /** SchoolAnswer */
        SchoolAnswer: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "supporting" | "receiving";
            /**
             * Stage
             * @enum {string}
             */
            stage: "primary" | "junior";
            /** Archived */
            archived: boolean;
        };
        /**
         * SchoolReadinessAnswer
         * @description `met_on`: the earlier of `checked_on` (its classrooms) and `accepted_on` (a certificate). `entry_id`: the roster
         *     entry of kind `readiness` that holds what is registered; null: there is none.
         */
        SchoolReadinessAnswer: {
            /** School Id */
            school_id: string;
            /** School Name */
            school_name: string;
            /** School Name En */
            school_name_en: string;
            /** Kind */
            kind: string;
            /** Paired */
            paired: boolean;
            /** Rooms */
            rooms: components["schemas"]["ReadyRoomAnswer"][];
            /** Checked On */
            checked_on: string | null;
            /** Accepted On */
            accepted_on: string | null;
            /** Met On */
            met_on: string | null;
            /** Equipment Source */
            equipment_source: string;
            /** Space Opened On */
            space_opened_on: string | null;
            /** Space Address */
            space_address: string;
            /** Entry Id */
            entry_id: string | null;
        };
        /** SchoolRef */
        SchoolRef: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * Scope
         * @description What a report is about.
         * @enum {string}
         */
        Scope: "county" | "pairing" | "subject";
        /**
         * Section
         * @description The parts that every case has, in their order.
         * @enum {string}
         */
        Section: "summary" | "background" | "design" | "process" | "effect" | "reflection";
        /** SectionAnswer */
        SectionAnswer: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** Cap */
            cap: number;
            /** Score */
            score: number;
            /** Note */
            note: string;
            /** Note En */
            note_en: string;
            /** Items */
            items: components["schemas"]["ItemAnswer"][];
        };
        /**
         * SentAnswer
         * @description A report that was sent; `digest`: SHA-256 over its figures and both files.
         */
        SentAnswer: {
            /** Id */
            id: string;
            scope: components["schemas"]["Scope"];
            /** Scope Id */
            scope_id: string;
            /** Month */
            month: string;
            /** Version */
            version: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Actor Name */
            actor_name: string;
            /** Lang */
            lang: string;
            /** About */
            about: string;
            /** Note */
            note: string;
            /** Correction */
            correction: string;
            /** Digest */
            digest: string;
        };
        /**
         * SentDetail
         * @description With its figures as they were sent. `whole`: nothing was changed since.
         */
        SentDetail: {
            /** Id */
            id: string;
            scope: components["schemas"]["Scope"];
            /** Scope Id */
            scope_id: string;
            /** Month */
            month: string;
            /** Version */
            version: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Actor Name */
            actor_name: string;
            /** Lang */
            lang: string;
            /** About */
            about: string;
            /** Note */
            note: string;
            /** Correction */
            correction: string;
            /** Digest */
            digest: string;
            /** Whole */
            whole: boolean;
            report: components["schemas"]["ReportAnswer"];
        };
        /**
         * SeriesAnswer
         * @description `made` false: a dry run, nothing was kept (the lessons' ids are then no real ones).
         */
        SeriesAnswer: {
            /** Made */
            made: boolean;
            /** Lessons */
            lessons: components["schemas"]["LessonAnswer"][];
            /** Skipped */
            skipped: components["schemas"]["SkippedDay"][];
            /** Notices */
            notices: components["schemas"]["TimetableNotice"][];
        };
        /**
         * SeriesCreate
         * @description A lesson like this each `every` weeks until that day, holidays skipped.
         */
        SeriesCreate: {
            /** Pairing Id */
            pairing_id: string;
            /** Subject */
            subject: string;
            /** Topic */
            topic: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Planned Minutes */
            planned_minutes: number;
            /**
             * Teacher Id
             * @default null
             */
            teacher_id?: string | null;
            /**
             * Receiving School Ids
             * @default null
             */
            receiving_school_ids?: string[] | null;
            /**
             * Policy
             * @default default
             */
            policy?: string;
            /**
             * Until
             * Format: date
             */
            until: string;
            /**
             * Every
             * @default 1
             */
            every?: number;
        };
        /** SessionAnswer */
        SessionAnswer: {
            user: components["schemas"]["SessionUser"];
        };
        /**
         * SessionUser
         * @description Who is logged in. For a device: its id, its name and the role `device`.
         */
        SessionUser: {
            /** Id */
            id: string;
            /** Username */
            username: string;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
            /** School Id */
            school_id: string | null;
            /** School Name */
            school_name: string | null;
        };
        /**
         * SheetAnswer
         * @description A whole sheet with its form.
         */
        SheetAnswer: {
            /** Id */
            id: string;
            state: components["schemas"]["SheetState"];
            /** Rubric Version */
            rubric_version: number;
            lesson: components["schemas"]["LessonAnswer"];
            /** Observer Id */
            observer_id: string;
            /** Observer */
            observer: string;
            /** Mine */
            mine: boolean;
            /** Total */
            total: number | null;
            band: components["schemas"]["BandAnswer"] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Signed At */
            signed_at: string | null;
            /** Read At */
            read_at: string | null;
            /** Answers */
            answers: number;
            /** Version */
            version: number;
            rubric: components["schemas"]["RubricBody"];
            /** Marks */
            marks: {
                [key: string]: number | null;
            };
            /** Points */
            points: {
                [key: string]: number | null;
            };
            /** Open Items */
            open_items: string[];
            /** Judged Share */
            judged_share: number;
            /** Remarks */
            remarks: components["schemas"]["RemarkAnswer"][];
            /** Highlights */
            highlights: string;
            /** Suggestions */
            suggestions: string;
            /** Signed Name */
            signed_name: string;
            /** May Answer */
            may_answer: boolean;
            /** Events */
            events: components["schemas"]["SheetEventAnswer"][];
        };
        /** SheetBody */
        SheetBody: {
            /** Intro */
            intro: string;
            /** Intro En */
            intro_en: string;
            /** Questions */
            questions: components["schemas"]["QuestionBody"][];
        };
        /** SheetEventAnswer */
        SheetEventAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            step: components["schemas"]["Step"];
            /** Actor */
            actor: string;
            /** Text */
            text: string;
        };
        /**
         * SheetItem
         * @description A sheet in a list. `points`: by part id. `total`: of a draft only once every item is filled in.
         */
        SheetItem: {
            /** Id */
            id: string;
            state: components["schemas"]["SheetState"];
            /** Rubric Version */
            rubric_version: number;
            lesson: components["schemas"]["LessonAnswer"];
            /** Observer Id */
            observer_id: string;
            /** Observer */
            observer: string;
            /** Mine */
            mine: boolean;
            /** Total */
            total: number | null;
            band: components["schemas"]["BandAnswer"] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Signed At */
            signed_at: string | null;
            /** Read At */
            read_at: string | null;
            /** Answers */
            answers: number;
            /** Version */
            version: number;
        };
        /** SheetOpen */
        SheetOpen: {
            /** Lesson Id */
            lesson_id: string;
        };
        /** SheetReply */
        SheetReply: {
            /** Text */
            text: string;
        };
        /**
         * SheetSave
         * @description The whole draft as it stands. `marks`: by item id, null for what could not be judged.
         */
        SheetSave: {
            /** Version */
            version: number;
            /** Marks */
            marks: {
                [key: string]: number | null;
            };
            /** Remarks */
            remarks: components["schemas"]["RemarkBody"][];
            /** Highlights */
            highlights: string;
            /** Suggestions */
            suggestions: string;
        };
        /**
         * SheetSign
         * @description `name`: the observer's own name, written as the signature.
         */
        SheetSign: {
            /** Version */
            version: number;
            /** Name */
            name: string;
        };
        /**
         * SheetState
         * @description Where a sheet is in its life.
         * @enum {string}
         */
        SheetState: "draft" | "signed";
        /** SheetWithdraw */
        SheetWithdraw: {
            /** Reason */
            reason: string;
        };
        /**
         * ShelfAnswer
         * @description `keep_until`: when its term ends by the rules; null: it is kept for ever. `kept` and `trash` null: neither.
         */
        ShelfAnswer: {
            /** Keep Until */
            keep_until: string | null;
            kept: components["schemas"]["Kept"] | null;
            trash: components["schemas"]["Trashed"] | null;
        };
        /** SkippedDay */
        SkippedDay: {
            /** Day */
            day: string;
            /** Name */
            name: string;
        };
        /** SmallSchoolAnswer */
        SmallSchoolAnswer: {
            /** Entry Id */
            entry_id: string;
            /** Name */
            name: string;
            /** School Id */
            school_id: string | null;
            /** Paired */
            paired: boolean;
            /** Merged In */
            merged_in: number | null;
            /** Without Pupils */
            without_pupils: boolean;
            /** Source */
            source: string;
        };
        /**
         * Snapshot
         * @description A small picture of a source; its `url` changes with the picture.
         */
        Snapshot: {
            /** Source */
            source: string;
            /** Url */
            url: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * SpaceAnswer
         * @description The disk of the recordings, bytes. `days_left`: at the pace of the last four weeks; null: nothing is recorded.
         */
        SpaceAnswer: {
            /**
             * Level
             * @enum {string}
             */
            level: "ok" | "warn" | "urgent";
            /** Recordings */
            recordings: number;
            /** Trash */
            trash: number;
            /** Per Day */
            per_day: number;
            /** Days Left */
            days_left: number | null;
        };
        /**
         * SpecialDay
         * @description A holiday, or (`follows` 1 Monday … 7 Sunday) a make-up day taught as that weekday.
         */
        SpecialDay: {
            /** Day */
            day: string;
            /** Name */
            name: string;
            /** Follows */
            follows: number | null;
        };
        /**
         * StaleProblem
         * @description 409 `stale`: somebody else changed it first; `current` is what is stored now.
         */
        StaleProblem: {
            /**
             * Type
             * @default about:blank
             */
            type: string;
            /** Title */
            title: string;
            /** Status */
            status: number;
            /** Detail */
            detail: string;
            /** Code */
            code: string;
            /** Errors */
            errors: components["schemas"]["FieldProblem"][];
            /** Current */
            current: {
                [key: string]: unknown;
            };
        };
        /**
         * StandardAnswer
         * @description `config/readiness.toml`.
         */
        StandardAnswer: {
            /** Version */
            version: string;
            /** Min Width */
            min_width: number;
            /** Min Height */
            min_height: number;
            /** Min Frame Rate */
            min_frame_rate: number;
            /** Min Brightness */
            min_brightness: number;
            /** Min Microphone Db */
            min_microphone_db: number;
            /** Min Speaker Margin Db */
            min_speaker_margin_db: number;
            /** Max Echo Db */
            max_echo_db: number;
            /** Min Up Kbps */
            min_up_kbps: number;
            /** Min Down Kbps */
            min_down_kbps: number;
            /** Max Loss */
            max_loss: number;
            /** Max Round Trip Ms */
            max_round_trip_ms: number;
            /** Min Seconds */
            min_seconds: number;
        };
        /**
         * Standing
         * @description What became of a lesson for a school.
         * @enum {string}
         */
        Standing: "credited" | "not_credited" | "waiting" | "missed" | "cancelled" | "planned";
        /**
         * Standings
         * @description How many lessons stand how.
         */
        Standings: {
            /**
             * Credited
             * @default 0
             */
            credited: number;
            /**
             * Not Credited
             * @default 0
             */
            not_credited: number;
            /**
             * Waiting
             * @default 0
             */
            waiting: number;
            /**
             * Missed
             * @default 0
             */
            missed: number;
            /**
             * Cancelled
             * @default 0
             */
            cancelled: number;
            /**
             * Planned
             * @default 0
             */
            planned: number;
        };
        /**
         * Step
         * @description What happened to a sheet.
         * @enum {string}
         */
        Step: "opened" | "signed" | "withdrawn" | "read" | "answered";
        /** SubjectAnswer */
        SubjectAnswer: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
            /** Archived */
            archived: boolean;
        };
        /**
         * SubjectGoalAnswer
         * @description `more`: above the most that the notice asks for.
         */
        SubjectGoalAnswer: {
            /** Subject */
            subject: string;
            /** Name */
            name: string;
            /** Name En */
            name_en: string;
            /** Formed */
            formed: number;
            /** Under Way */
            under_way: number;
            /** Missing */
            missing: number;
            /** More */
            more: boolean;
        };
        /**
         * SubstitutionRequest
         * @description All lessons to come of a teacher in the span; `from` and `to` are times, the second excluded.
         */
        SubstitutionRequest: {
            /** Teacher Id */
            teacher_id: string;
            /** Substitute Id */
            substitute_id: string;
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
            /**
             * Reason
             * @default
             */
            reason?: string;
        };
        /**
         * SuggestionAnswer
         * @description `starts_at` null: no free time in the next two months.
         */
        SuggestionAnswer: {
            /** Starts At */
            starts_at: string | null;
        };
        /**
         * SurveyAnswer
         * @description `issued`, `answered`: codes given out and used.
         */
        SurveyAnswer: {
            /** Id */
            id: string;
            audience: components["schemas"]["Audience"];
            /** Year */
            year: number;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** Sheet Number */
            sheet_number: number;
            state: components["schemas"]["SurveyState"];
            /**
             * Closes On
             * Format: date
             */
            closes_on: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Issued */
            issued: number;
            /** Answered */
            answered: number;
            /** Version */
            version: number;
        };
        /**
         * SurveyCode
         * @description `svg`: the QR code of the address. The code stands behind the #, so that it is in no log.
         */
        SurveyCode: {
            /** Address */
            address: string;
            /** Svg */
            svg: string;
        };
        /**
         * SurveyCreate
         * @description `year`: in whose evaluation it counts (default: this one). `closes_on`: its last day.
         */
        SurveyCreate: {
            audience: components["schemas"]["Audience"];
            /**
             * Year
             * @default null
             */
            year?: number | null;
            /** Title */
            title: string;
            /**
             * Title En
             * @default
             */
            title_en?: string;
            /**
             * Closes On
             * Format: date
             */
            closes_on: string;
        };
        /**
         * SurveyDetail
         * @description `results` null until it is closed.
         */
        SurveyDetail: {
            /** Id */
            id: string;
            audience: components["schemas"]["Audience"];
            /** Year */
            year: number;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** Sheet Number */
            sheet_number: number;
            state: components["schemas"]["SurveyState"];
            /**
             * Closes On
             * Format: date
             */
            closes_on: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Issued */
            issued: number;
            /** Answered */
            answered: number;
            /** Version */
            version: number;
            sheet: components["schemas"]["SheetBody"];
            /** Groups */
            groups: components["schemas"]["SurveyGroupAnswer"][];
            /** Results */
            results: components["schemas"]["ResultLine"][] | null;
        };
        /** SurveyGroupAnswer */
        SurveyGroupAnswer: {
            /** Id */
            id: string;
            /** School Id */
            school_id: string | null;
            /** School Name */
            school_name: string | null;
            /** Name */
            name: string;
            /** Issued */
            issued: number;
            /** Answered */
            answered: number;
        };
        /** SurveyRef */
        SurveyRef: {
            /** Id */
            id: string;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
        };
        /**
         * SurveySheetAnswer
         * @description One version of an audience's questions. `author` empty: the configuration's.
         */
        SurveySheetAnswer: {
            audience: components["schemas"]["Audience"];
            /** Number */
            number: number;
            sheet: components["schemas"]["SheetBody"];
            /** Created At */
            created_at: string | null;
            /** Author */
            author: string;
            /** Note */
            note: string;
        };
        /**
         * SurveySheetEdit
         * @description A new version. `based_on`: the number of the version that was edited.
         */
        SurveySheetEdit: {
            audience: components["schemas"]["Audience"];
            /** Based On */
            based_on: number;
            sheet: components["schemas"]["SheetBody"];
            /**
             * Note
             * @default
             */
            note?: string;
        };
        /**
         * SurveyState
         * @description Where a survey stands. Results are shown when it is closed, once and for all: no later answer can be told from
         *     an earlier one by looking twice.
         * @enum {string}
         */
        SurveyState: "open" | "closed" | "withdrawn";
        /** SurveyUpdate */
        SurveyUpdate: {
            /** Version */
            version: number;
            /** Title */
            title: string;
            /**
             * Title En
             * @default
             */
            title_en?: string;
            /**
             * Closes On
             * Format: date
             */
            closes_on: string;
        };
        /**
         * SurveyedAnswer
         * @description The surveys' answers behind a satisfaction rate: rows that add up to `satisfied` of `answered`.
         *
         *     `left_out`: closed surveys with so few answers that they are neither shown nor counted.
         */
        SurveyedAnswer: {
            /** Fact */
            fact: string;
            /** Satisfied */
            satisfied: number;
            /** Answered */
            answered: number;
            /** Items */
            items: components["schemas"]["SurveyedRow"][];
            /** Left Out */
            left_out: components["schemas"]["SurveyRef"][];
        };
        /**
         * SurveyedRow
         * @description A school's answers in one survey; `parts` above 0: of so many schools together, too few to be shown apart.
         */
        SurveyedRow: {
            /** Survey Id */
            survey_id: string;
            /** Title */
            title: string;
            /** Title En */
            title_en: string;
            /** School Id */
            school_id: string | null;
            /** School Name */
            school_name: string | null;
            /** Parts */
            parts: number;
            /** Satisfied */
            satisfied: number;
            /** Answered */
            answered: number;
        };
        /**
         * SystemAnswer
         * @description `uptime` in seconds; `redis` and `database` are `ok` or what is wrong; `queue`: jobs waiting, -1 when unknown.
         */
        SystemAnswer: {
            /** Version */
            version: string;
            /** Uptime */
            uptime: number;
            /**
             * Now
             * Format: date-time
             */
            now: string;
            /** Workers */
            workers: components["schemas"]["WorkerAnswer"][];
            recorder: components["schemas"]["RecorderAnswer"];
            /** Redis */
            redis: string;
            /** Database */
            database: string;
            disk: components["schemas"]["DiskAnswer"];
            space: components["schemas"]["SpaceAnswer"];
            /** Queue */
            queue: number;
            /** Event Lag */
            event_lag: number;
        };
        /** TeacherAnswer */
        TeacherAnswer: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** School Id */
            school_id: string | null;
        };
        /** TermAnswer */
        TermAnswer: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Begins */
            begins: string;
            /** Ends */
            ends: string;
        };
        /**
         * ThumbnailSheet
         * @description Pictures of `width` × `height` pixels, row by row, `columns` in each; `times[n]` is the time of picture n.
         */
        ThumbnailSheet: {
            /** Source */
            source: string;
            /** Url */
            url: string;
            /** Width */
            width: number;
            /** Height */
            height: number;
            /** Columns */
            columns: number;
            /** Times */
            times: number[];
        };
        /**
         * TimetableAnswer
         * @description `truncated`: more lessons than are answered; ask for a shorter span or a school.
         */
        TimetableAnswer: {
            /** Lessons */
            lessons: components["schemas"]["LessonAnswer"][];
            /** Notices */
            notices: components["schemas"]["TimetableNotice"][];
            /** Special Days */
            special_days: components["schemas"]["SpecialDay"][];
            /** Terms */
            terms: components["schemas"]["TermAnswer"][];
            /** Utc Offset Minutes */
            utc_offset_minutes: number;
            /** Truncated */
            truncated: boolean;
        };
        /**
         * TimetableNotice
         * @description What to know: a clash of kind teacher, pairing, classroom or credit, a holiday, a day in no term.
         */
        TimetableNotice: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "teacher" | "pairing" | "classroom" | "credit" | "holiday" | "no_term";
            /** Lesson Id */
            lesson_id: string;
            /** Other Id */
            other_id: string | null;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Text */
            text: string;
            /** Text En */
            text_en: string;
        };
        /** TokenAnswer */
        TokenAnswer: {
            /** Token */
            token: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Participant Id */
            participant_id: string;
        };
        /** TokenRequest */
        TokenRequest: {
            role: components["schemas"]["TokenRole"];
            /**
             * School Id
             * @default null
             */
            school_id?: string | null;
        };
        /**
         * TokenRole
         * @description What a media token lets its bearer be in one lesson.
         * @enum {string}
         */
        TokenRole: "teacher" | "classroom" | "observer";
        /** Track */
        Track: {
            /** Id */
            id: string;
            /** Participant Id */
            participant_id: string;
            /** School Id */
            school_id: string | null;
            /** Source */
            source: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "audio" | "video";
            /** Codec */
            codec: string;
            /** Mime */
            mime: string;
            /** Init Url */
            init_url: string;
            /** Hls Url */
            hls_url: string | null;
            /** Start */
            start: number;
            /** Duration */
            duration: number;
            /** Width */
            width: number | null;
            /** Height */
            height: number | null;
            /** Pieces */
            pieces: components["schemas"]["Piece"][];
            growing: components["schemas"]["GrowingPiece"] | null;
        };
        /**
         * TrackFile
         * @description A whole track as one file, Range-able.
         */
        TrackFile: {
            /** Track */
            track: string;
            /** Url */
            url: string;
            /** Mime */
            mime: string;
            /** Bytes */
            bytes: number;
            /** Name */
            name: string;
        };
        /**
         * Trashed
         * @description It lies in the trash until `deletes_at`, if nobody takes it back.
         */
        Trashed: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** By */
            by: string;
            /** Reason */
            reason: string;
            /**
             * Deletes At
             * Format: date-time
             */
            deletes_at: string;
        };
        /** UserAnswer */
        UserAnswer: {
            /** Id */
            id: string;
            /** Username */
            username: string;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
            /** School Id */
            school_id: string | null;
            /** School Name */
            school_name: string | null;
            /** Disabled */
            disabled: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /** UserCreate */
        UserCreate: {
            /** Username */
            username: string;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
            /**
             * School Id
             * @default null
             */
            school_id?: string | null;
            /** Password */
            password: string;
        };
        /** UserUpdate */
        UserUpdate: {
            /**
             * Name
             * @default null
             */
            name?: string | null;
            /**
             * School Id
             * @default null
             */
            school_id?: string | null;
            /**
             * Password
             * @default null
             */
            password?: string | null;
            /**
             * Disabled
             * @default null
             */
            disabled?: boolean | null;
        };
        /**
         * VerdictAnswer
         * @description What the `sent` reviews come to; `difference` of the two totals, `apart`: as much as is worth a talk.
         */
        VerdictAnswer: {
            /** Sent */
            sent: number;
            /** Mean */
            mean: number | null;
            /** Difference */
            difference: number | null;
            /** Apart */
            apart: boolean;
        };
        /**
         * Verification
         * @description The verification report (docs/protocols.md, section 5).
         */
        Verification: {
            /** Lesson Id */
            lesson_id: string;
            /** Opens */
            opens: boolean;
            /**
             * Open Seconds
             * @default null
             */
            open_seconds: number | null;
            /**
             * Recorded Share
             * @default null
             */
            recorded_share: number | null;
            /**
             * Live Seconds
             * @default null
             */
            live_seconds: number | null;
            /**
             * Duration
             * @default null
             */
            duration: number | null;
            /**
             * Gap Seconds
             * @default null
             */
            gap_seconds: number | null;
            /** Tracks */
            tracks: components["schemas"]["VerifiedTrack"][];
            /** @default null */
            teacher: components["schemas"]["VerifiedTeacher"] | null;
            /** Problems */
            problems: components["schemas"]["VerificationProblem"][];
        } & {
            [key: string]: unknown;
        };
        /**
         * VerificationProblem
         * @description Something worth a word; codes in docs/protocols.md, section 5. `value`: seconds or a share, as the code says.
         */
        VerificationProblem: {
            /** Code */
            code: string;
            /**
             * Track
             * @default null
             */
            track: string | null;
            /**
             * Value
             * @default null
             */
            value: number | null;
        };
        /** VerifiedTeacher */
        VerifiedTeacher: {
            /**
             * Black Or Frozen Share
             * @default null
             */
            black_or_frozen_share: number | null;
            /**
             * Silent Share
             * @default null
             */
            silent_share: number | null;
        } & {
            [key: string]: unknown;
        };
        /** VerifiedTrack */
        VerifiedTrack: {
            /** Id */
            id: string;
            /** Source */
            source: string;
            /** Kind */
            kind: string;
            /** Opens */
            opens: boolean;
            /**
             * Error
             * @default null
             */
            error: string | null;
            /**
             * Duration
             * @default null
             */
            duration: number | null;
            /**
             * Gap Seconds
             * @default null
             */
            gap_seconds: number | null;
            /**
             * Black Share
             * @default null
             */
            black_share: number | null;
            /**
             * Frozen Share
             * @default null
             */
            frozen_share: number | null;
            /**
             * Silent Share
             * @default null
             */
            silent_share: number | null;
            /**
             * Loudness
             * @default null
             */
            loudness: number | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * WhatIfRequest
         * @description Facts by name with other values.
         */
        WhatIfRequest: {
            /**
             * Year
             * @default null
             */
            year?: number | null;
            /** Changes */
            changes: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        /**
         * WorkerAnswer
         * @description A media worker's lease; `stats` is what it measures of itself.
         */
        WorkerAnswer: {
            /** Worker */
            worker: string;
            /** Epoch */
            epoch: string;
            /** Lessons */
            lessons: number;
            /** Load */
            load: number;
            /** Pid */
            pid: number;
            /** Stats */
            stats: {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        /**
         * Hello
         * @description `decodes`: video codecs that this page's browser plays, by their names in SDP, in lower case.
         */
        RoomHello: {
            /** @enum {unknown} */
            type: "hello";
            token: string;
            /** @default [] */
            decodes: string[];
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** Devices */
        RoomDevices: {
            /** @enum {unknown} */
            type: "devices";
            microphone: boolean;
            camera: boolean;
            screen: boolean;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** Hand */
        RoomHand: {
            /** @enum {unknown} */
            type: "hand";
            raised: boolean;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** HelpWanted */
        RoomHelpWanted: {
            /** @enum {unknown} */
            type: "help";
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** SetStage */
        RoomSetStage: {
            /** @enum {unknown} */
            type: "stage";
            participant_id: string | null;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** SetLayout */
        RoomSetLayout: {
            /** @enum {unknown} */
            type: "layout";
            /** @enum {unknown} */
            layout: "both" | "screen" | "teacher";
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /**
         * Mute
         * @description `participant_id` may be `all`: every classroom.
         */
        RoomMute: {
            /** @enum {unknown} */
            type: "mute";
            participant_id: string;
            muted: boolean;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** Say */
        RoomSay: {
            /** @enum {unknown} */
            type: "chat";
            text: string;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /**
         * Watch
         * @description How this page shows a source: `height` in device pixels (0: not shown), and what the person chose for it.
         */
        RoomWatch: {
            /** @enum {unknown} */
            type: "watch";
            source: string;
            height: number;
            /** @enum {unknown} */
            choice: "auto" | "high" | "low" | "medium" | "sound";
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /**
         * Playback
         * @description What this page's players showed since the last such message: its own claim, for the page and the diagnosis.
         */
        RoomPlayback: {
            /** @enum {unknown} */
            type: "playback";
            players: components["schemas"]["RoomPlayed"][];
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /**
         * Played
         * @description What a page says its player showed of `source` in the last 10 s or so.
         */
        RoomPlayed: {
            source: string;
            freezes: number;
            frozen_seconds: number;
            concealed_share: number;
            frames_per_second: number;
            height: number;
        };
        /**
         * Ping
         * @description `at` is the page's own clock and comes back unchanged.
         */
        RoomPing: {
            /** @enum {unknown} */
            type: "ping";
            at: number;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /**
         * Welcome
         * @description `lesson` is the API's lesson; `server_time` Unix seconds; `codecs` as in `presence`.
         */
        RoomWelcome: {
            /** @enum {unknown} */
            type: "welcome";
            self: components["schemas"]["RoomMe"];
            lesson: components["schemas"]["LessonAnswer"];
            participants: components["schemas"]["RoomParticipant"][];
            stage: string | null;
            /** @enum {unknown} */
            layout: "both" | "screen" | "teacher";
            recording: components["schemas"]["RoomRecording"];
            codecs: string[];
            server_time: number;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** Me */
        RoomMe: {
            participant_id: string;
            /** @enum {unknown} */
            role: "classroom" | "observer" | "teacher";
            school_id: string | null;
            name: string;
        };
        /** Participant */
        RoomParticipant: {
            participant_id: string;
            /** @enum {unknown} */
            role: "classroom" | "observer" | "teacher";
            school_id: string | null;
            name: string;
            connected: boolean;
            microphone: boolean;
            camera: boolean;
            screen: boolean;
            publishing: string[];
            hand: boolean;
            muted: boolean;
        };
        /**
         * Recording
         * @description `idle`: nothing was published yet.
         */
        RoomRecording: {
            /** @enum {unknown} */
            type: "recording";
            /** @enum {unknown} */
            state: "closed" | "idle" | "recording" | "trouble";
            /** @default  */
            detail: string;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /**
         * PresenceList
         * @description `codecs`: what video is to be published in, the best first: everybody here plays each of them.
         */
        RoomPresenceList: {
            /** @enum {unknown} */
            type: "presence";
            participants: components["schemas"]["RoomParticipant"][];
            codecs: string[];
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** LessonChanged */
        RoomLessonChanged: {
            /** @enum {unknown} */
            type: "lesson";
            lesson: components["schemas"]["LessonAnswer"];
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** Stage */
        RoomStage: {
            /** @enum {unknown} */
            type: "stage";
            participant_id: string | null;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** LayoutIs */
        RoomLayoutIs: {
            /** @enum {unknown} */
            type: "layout";
            /** @enum {unknown} */
            layout: "both" | "screen" | "teacher";
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** Muted */
        RoomMuted: {
            /** @enum {unknown} */
            type: "muted";
            muted: boolean;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** HelpCall */
        RoomHelpCall: {
            /** @enum {unknown} */
            type: "help";
            participant_id: string;
            name: string;
            text: string;
            at: number;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** Chat */
        RoomChat: {
            /** @enum {unknown} */
            type: "chat";
            participant_id: string;
            name: string;
            text: string;
            at: number;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** MediaReset */
        RoomMediaReset: {
            /** @enum {unknown} */
            type: "media_reset";
            reason: string;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /**
         * Quality
         * @description The newest look: what the server measured (`rows`), what pages claim (`claims`), why it is bad (`notes`).
         *
         *         `at`: Unix s.
         */
        RoomQuality: {
            /** @enum {unknown} */
            type: "quality";
            at: number;
            rows: components["schemas"]["RoomQualityRow"][];
            claims: components["schemas"]["RoomClaim"][];
            notes: components["schemas"]["RoomNote"][];
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /**
         * QualityRow
         * @description One participant, source, direction and kind (docs/protocols.md, Quality).
         */
        RoomQualityRow: {
            participant_id: string;
            source: string;
            /** @enum {unknown} */
            direction: "in" | "out";
            /** @enum {unknown} */
            kind: "audio" | "video";
            /** @default 0 */
            bitrate?: number;
            /** @default 0 */
            loss?: number;
            /** @default 0 */
            repaired?: number;
            /** @default 0 */
            jitter_ms?: number;
            /** @default null */
            rtt_ms?: number | null;
            /** @default null */
            layer?: string | null;
            /** @default null */
            height?: number | null;
            /** @default 0 */
            freezes?: number;
            /** @default false */
            held_back?: boolean;
            /** @default null */
            estimate?: number | null;
            /** @default null */
            score?: number | null;
        };
        /**
         * Claim
         * @description The same with whose claim it is. `at`: Unix s at which it came.
         */
        RoomClaim: {
            source: string;
            freezes: number;
            frozen_seconds: number;
            concealed_share: number;
            frames_per_second: number;
            height: number;
            participant_id: string;
            at: number;
        };
        /**
         * Note
         * @description Why something is bad, in one line. `lasting`: long enough to tell people unasked.
         *
         *         `participant_id` None: nobody's end, the server's. `since` and `seen`: Unix s of the first and the last bad look.
         */
        RoomNote: {
            participant_id: string | null;
            /** @enum {unknown} */
            direction: "both" | "in" | "out" | "server";
            code: string;
            text: string;
            text_en: string;
            /** @default 0 */
            since?: number;
            /** @default 0 */
            seen?: number;
            /** @default false */
            lasting?: boolean;
        };
        /** Error */
        RoomError: {
            /** @enum {unknown} */
            type: "error";
            code: string;
            detail: string;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        /** Pong */
        RoomPong: {
            /** @enum {unknown} */
            type: "pong";
            at: number;
            server_time: number;
            /**
             * @default 1
             * @enum {unknown}
             */
            v: 1;
        };
        RoomPageMessage: components["schemas"]["RoomHello"] | components["schemas"]["RoomDevices"] | components["schemas"]["RoomHand"] | components["schemas"]["RoomHelpWanted"] | components["schemas"]["RoomSetStage"] | components["schemas"]["RoomSetLayout"] | components["schemas"]["RoomMute"] | components["schemas"]["RoomSay"] | components["schemas"]["RoomWatch"] | components["schemas"]["RoomPlayback"] | components["schemas"]["RoomPing"];
        RoomServerMessage: components["schemas"]["RoomWelcome"] | components["schemas"]["RoomPresenceList"] | components["schemas"]["RoomLessonChanged"] | components["schemas"]["RoomStage"] | components["schemas"]["RoomLayoutIs"] | components["schemas"]["RoomMuted"] | components["schemas"]["RoomHelpCall"] | components["schemas"]["RoomChat"] | components["schemas"]["RoomMediaReset"] | components["schemas"]["RoomRecording"] | components["schemas"]["RoomQuality"] | components["schemas"]["RoomError"] | components["schemas"]["RoomPong"];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    sessions_who: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who am I */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginRequest"];
            };
        };
        responses: {
            /** @description Log in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Log out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Change my password */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    devices_redeem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedeemRequest"];
            };
        };
        responses: {
            /** @description Redeem a classroom screen's code */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedeemAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    devices_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Classroom screens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeviceAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    devices_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceCreate"];
            };
        };
        responses: {
            /** @description Add a classroom screen */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCode"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    devices_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A new code; the old token ends */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCode"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    devices_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke a screen */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accounts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["UserAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCreate"];
            };
        };
        responses: {
            /** @description Add an account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserUpdate"];
            };
        };
        responses: {
            /** @description Change an account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_schools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Schools */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SchoolAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_subjects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Subjects */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SubjectAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_pairings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pairings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PairingAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_kinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kinds of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["KindAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_export: {
        parameters: {
            query?: {
                /** @description 1: without entries */
                template?: string;
                /** @description `zh` (default) or `en`: the language of the workbook */
                lang?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The roster, or its template, as .xlsx */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_import: {
        parameters: {
            query?: {
                /** @description 1: only tell what would happen */
                dry_run?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
            };
        };
        responses: {
            /** @description Import a roster workbook, whole or not at all */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_passwords: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description First passwords for accounts that have none */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordsAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_qr: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QrRequest"];
            };
        };
        responses: {
            /** @description New codes of classroom screens, with QR codes to print */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QrSheet"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_list: {
        parameters: {
            query?: {
                /** @description a part of any value */
                search?: string;
                /** @description 1: those that are archived */
                archived?: string;
            };
            header?: never;
            path: {
                kind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Entries of a kind */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["EntryAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EntryCreate"];
            };
        };
        responses: {
            /** @description Add an entry */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                entry_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EntryUpdate"];
            };
        };
        responses: {
            /** @description Change an entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                entry_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EntryVersion"];
            };
        };
        responses: {
            /** @description Archive an entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roster_edit_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                entry_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EntryVersion"];
            };
        };
        responses: {
            /** @description Restore an archived entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    timetable_show: {
        parameters: {
            query?: {
                /** @description starts at or after */
                from?: string;
                /** @description starts before */
                to?: string;
                /** @description on either side */
                school_id?: string;
                /** @description subject id */
                subject?: string;
                /** @description pairings of a researcher */
                researcher_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lessons of a span, clashes, holidays, terms */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimetableAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    timetable_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckRequest"];
            };
        };
        responses: {
            /** @description What to know before a lesson is moved */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticesAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    timetable_series: {
        parameters: {
            query?: {
                /** @description 1: only tell what would happen */
                dry_run?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeriesCreate"];
            };
        };
        responses: {
            /** @description A weekly series, holidays skipped */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeriesAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    timetable_substitute: {
        parameters: {
            query?: {
                /** @description 1: only tell what would happen */
                dry_run?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubstitutionRequest"];
            };
        };
        responses: {
            /** @description Another teacher for a teacher's lessons to come */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    timetable_teachers: {
        parameters: {
            query?: {
                /** @description one school */
                school_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Teachers who can be given lessons */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TeacherAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    timetable_suggestion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The next free time for a lesson */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuggestionAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    timetable_reschedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RescheduleRequest"];
            };
        };
        responses: {
            /** @description Give a missed lesson another time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    feeds_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description My calendar addresses */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FeedAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    feeds_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeedCreate"];
            };
        };
        responses: {
            /** @description A new calendar address */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedCreated"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    feeds_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                feed_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke a calendar address */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    feeds_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calendar behind a secret address */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/calendar": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_list: {
        parameters: {
            query?: {
                /** @description states, comma separated */
                state?: string;
                /** @description forms, comma separated */
                form?: string;
                /** @description on either side */
                school_id?: string;
                /** @description subject id */
                subject?: string;
                /** @description starts at or after */
                from?: string;
                /** @description starts before */
                to?: string;
                /** @description `starts_at` or `-starts_at` (default: newest first) */
                order?: string;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description 1 to 500, default 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lessons the caller may see */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LessonAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LessonCreate"];
            };
        };
        responses: {
            /** @description Schedule a lesson */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A lesson */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonDetailAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LessonUpdate"];
            };
        };
        responses: {
            /** @description Change a scheduled lesson */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Start */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelRequest"];
            };
        };
        responses: {
            /** @description Cancel */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LessonAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description A media token for this lesson */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lessons_verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Verify the recording again */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ledger_credit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreditRequest"];
            };
        };
        responses: {
            /** @description Credit by hand */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ledger_reverse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entry_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReverseRequest"];
            };
        };
        responses: {
            /** @description Reverse an entry */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ledger_list: {
        parameters: {
            query?: {
                /** @description one lesson */
                lesson_id?: string;
                /** @description one school */
                school_id?: string;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description 1 to 500, default 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ledger entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LedgerAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    board_get: {
        parameters: {
            query?: {
                /** @description default: this year */
                year?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description School × subject against the targets, pace, forecast, losses, milestones */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    board_rows: {
        parameters: {
            query?: {
                /** @description default: this year */
                year?: number;
                /** @description began at or after; default: the year's first moment */
                from?: string;
                /** @description began before, a year later at most; default: the year's end */
                to?: string;
                /** @description as the lessons stand for this school; without: for the county */
                school_id?: string;
                /** @description one pairing */
                pairing_id?: string;
                /** @description subject id */
                subject?: string;
                /** @description standings, comma separated */
                standing?: string;
                /** @description reason code */
                code?: string;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description 1 to 500, default 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lessons behind a figure of the board or of a report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["BoardRow"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    board_export: {
        parameters: {
            query?: {
                /** @description default: this year */
                year?: number;
                /** @description `zh` (default) or `en`: the language of the workbook */
                lang?: string;
                /** @description only `supporting` or `receiving` schools */
                kind?: string;
                /** @description only schools that are behind */
                behind?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The board as .xlsx */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_current: {
        parameters: {
            query?: {
                /** @description `county` (default), `pairing` or `subject` */
                scope?: string;
                /** @description of the pairing or subject */
                id?: string;
                /** @description as `2026-11`; default: this month */
                month?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A monthly report as it stands now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_file: {
        parameters: {
            query?: {
                /** @description `county` (default), `pairing` or `subject` */
                scope?: string;
                /** @description of the pairing or subject */
                id?: string;
                /** @description as `2026-11`; default: this month */
                month?: string;
                /** @description `xlsx` (default) or `docx` */
                format?: string;
                /** @description `zh` (default) or `en`: the language of the workbook */
                lang?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It as .xlsx or .docx */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_history: {
        parameters: {
            query?: {
                /** @description one scope */
                scope?: string;
                /** @description one pairing or subject */
                id?: string;
                /** @description one month */
                month?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reports that were sent, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SentAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_send: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportSend"];
            };
        };
        responses: {
            /** @description Keep a report as sent; again is a correction */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_sent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                report_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A sent report with its figures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentDetail"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reports_sent_file: {
        parameters: {
            query?: {
                /** @description `xlsx` (default) or `docx` */
                format?: string;
            };
            header?: never;
            path: {
                report_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its file as it was sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    courses_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CourseCreate"];
            };
        };
        responses: {
            /** @description Give a recorded lesson to classes */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    courses_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A course, what was played */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    courses_play: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlayedReport"];
            };
        };
        responses: {
            /** @description What a class's page has played since its last report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CourseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    materials_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Materials of a lesson */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MaterialAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    materials_begin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MaterialCreate"];
            };
        };
        responses: {
            /** @description Begin to send a file */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaterialAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    materials_state: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                material_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far a file has come */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaterialAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    materials_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                material_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete a file */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    materials_append: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                material_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/offset+octet-stream": string;
            };
        };
        responses: {
            /** @description Send a piece, from `Upload-Offset` on (at most 8 MiB; `Upload-Checksum: sha256 BASE64` is checked) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MaterialAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    materials_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                material_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, as an attachment, Range-able */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    doubts_list: {
        parameters: {
            query?: {
                /** @description comma separated: open gone dismissed confirmed appealed upheld granted */
                state?: string;
                /** @description one kind */
                kind?: string;
                /** @description one lesson */
                lesson_id?: string;
                /** @description lessons in which this school takes part */
                school_id?: string;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description 1 to 500, default 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Doubts about lessons, newest first; a teacher sees confirmed ones of the own school */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DoubtAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    doubts_dismiss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                doubt_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoubtTake"];
            };
        };
        responses: {
            /** @description It is an honest lesson */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoubtAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    doubts_reopen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                doubt_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoubtTake"];
            };
        };
        responses: {
            /** @description Look at it again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoubtAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    doubts_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                doubt_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoubtTake"];
            };
        };
        responses: {
            /** @description It is not: withdraw the credit it concerns */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoubtAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    doubts_appeal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                doubt_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoubtTake"];
            };
        };
        responses: {
            /** @description A school of the lesson objects to a confirmed doubt */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoubtAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    doubts_uphold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                doubt_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoubtTake"];
            };
        };
        responses: {
            /** @description The appeal is refused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoubtAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    doubts_grant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                doubt_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DoubtTake"];
            };
        };
        responses: {
            /** @description Give the credit back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoubtAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_rubrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions of the form, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RubricAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_edit_rubric: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RubricCreate"];
            };
        };
        responses: {
            /** @description A new version of the form */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RubricAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_list: {
        parameters: {
            query?: {
                /** @description one lesson */
                lesson_id?: string;
                /** @description `draft` or `signed` */
                state?: string;
                /** @description 1: only the caller's own */
                mine?: string;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description 1 to 500, default 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Own sheets and the signed ones the caller may see, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SheetItem"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SheetOpen"];
            };
        };
        responses: {
            /** @description The caller's sheet on a lesson, begun if there is none */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SheetAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sheet_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A sheet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SheetAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sheet_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Throw a draft away */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_save: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sheet_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SheetSave"];
            };
        };
        responses: {
            /** @description Keep the draft */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SheetAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_sign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sheet_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SheetSign"];
            };
        };
        responses: {
            /** @description Sign and lock */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SheetAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sheet_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SheetWithdraw"];
            };
        };
        responses: {
            /** @description Withdraw the signature */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SheetAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sheet_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The teacher has seen it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SheetAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_answer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sheet_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SheetReply"];
            };
        };
        responses: {
            /** @description Answer it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SheetAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    observations_averages: {
        parameters: {
            query?: {
                /** @description `teacher` (default), `subject` or `pairing` */
                by?: string;
                /** @description lessons that began at or after */
                from?: string;
                /** @description lessons that began before */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Averages of signed sheets per teacher, subject or pairing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AverageAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_list: {
        parameters: {
            query?: {
                /** @description `published` (default), `mine`, `review` (by the caller) or `county` (all but drafts) */
                view?: string;
                /** @description one state */
                state?: string;
                /** @description one subject */
                subject?: string;
                /** @description one lesson */
                lesson_id?: string;
                /** @description of the lessons */
                year?: number;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description 1 to 500, default 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Exemplary cases, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CaseItem"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseOpen"];
            };
        };
        responses: {
            /** @description The caller's case on a lesson, begun if there is none */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A case */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Throw a draft away that was never submitted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_save: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseSave"];
            };
        };
        responses: {
            /** @description Keep the draft */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_step: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaseMove"];
            };
        };
        responses: {
            /** @description Submit, recall, return, select, publish, withdraw, report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_colleagues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who can be an author of the case */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuthorAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_add_picture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Put a picture up (JPEG, PNG or WebP); it is kept as a JPEG without what the camera wrote into it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PictureAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_picture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
                picture_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_candidates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Experts of the subject's group, with what speaks against them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CandidateAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_assign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewersSet"];
            };
        };
        responses: {
            /** @description Give the case to two reviewers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewSave"];
            };
        };
        responses: {
            /** @description Keep or send the caller's review */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_decline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                case_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewDecline"];
            };
        };
        responses: {
            /** @description Not review it */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cases_goals: {
        parameters: {
            query?: {
                /** @description of the lessons; this one when it is not given */
                year?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The year's cases against the goals */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseGoalsAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    casebook_get: {
        parameters: {
            query?: {
                /** @description of the lessons; this one when it is not given */
                year?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The year's casebook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CasebookAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    casebook_save: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CasebookSave"];
            };
        };
        responses: {
            /** @description Keep it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CasebookAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    casebook_docx: {
        parameters: {
            query?: {
                /** @description of the lessons; this one when it is not given */
                year?: number;
                /** @description `en`: headings in English */
                lang?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The casebook for Word */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    casebook_pdf: {
        parameters: {
            query?: {
                /** @description of the lessons; this one when it is not given */
                year?: number;
                /** @description `en`: headings in English */
                lang?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The casebook to print */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    library_list: {
        parameters: {
            query?: {
                /** @description words in the topic, or in the name of the teacher, the subject or a school */
                q?: string;
                /** @description states of the lesson, comma separated */
                state?: string;
                /** @description on either side */
                school_id?: string;
                /** @description subject id */
                subject?: string;
                /** @description user id */
                teacher_id?: string;
                /** @description starts at or after */
                from?: string;
                /** @description starts before */
                to?: string;
                /** @description `open` (default), `kept` or `trash` (administrators) */
                shelf?: string;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description 1 to 500, default 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recordings the caller may see, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RecordingItem"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    library_watching: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recordings the caller began to watch and did not finish */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RecordingItem"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    library_position: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PositionRequest"];
            };
        };
        responses: {
            /** @description Remember how far the caller watched */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    library_keep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Keep for ever */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShelfAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    library_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Keep for its term only */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    library_trash: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonRequest"];
            };
        };
        responses: {
            /** @description Put into the trash */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShelfAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    library_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Take back out of the trash */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_log_list: {
        parameters: {
            query?: {
                /** @description one action, or a group by its beginning, as `recording.` */
                action?: string;
                /** @description user or device id */
                actor_id?: string;
                /** @description what it was done to, as a lesson's id */
                subject?: string;
                /** @description at or after */
                from?: string;
                /** @description before */
                to?: string;
                /** @description `next` of the page before */
                cursor?: string;
                /** @description 1 to 500, default 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The audit log, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditLogAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_log_export: {
        parameters: {
            query?: {
                /** @description one action, or a group by its beginning, as `recording.` */
                action?: string;
                /** @description user or device id */
                actor_id?: string;
                /** @description what it was done to, as a lesson's id */
                subject?: string;
                /** @description at or after */
                from?: string;
                /** @description before */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The same as CSV */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordings_get: {
        parameters: {
            query?: {
                /** @description only the pieces that end after this second, what is new of an open one */
                after?: number;
            };
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tracks, duration, gaps, files */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordings_piece: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                track: string;
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One piece or init */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordings_hls: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                playlist: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description HLS: `index.m3u8`, or of a source, a source's kind or a track; EVENT while it is recorded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apple.mpegurl": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordings_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                track: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A whole track, Range-able */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chapters_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Chapters and thumbnails */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChaptersAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    chapters_sheet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                source: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A sheet of thumbnails */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ingest_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Room recorders that are pulled, and how they fare */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["IngestAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ingest_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IngestRequest"];
            };
        };
        responses: {
            /** @description Pull a room recorder (RTSP, RTMP) and publish it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ingest_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
                ingest_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stop pulling */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exports_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Exports as one film, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ExportAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exports_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportRequest"];
            };
        };
        responses: {
            /** @description Make one MP4 of a closed recording */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exports_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An export and its progress */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exports_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delete the film; the recording stays */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exports_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Stop it; what is made stays for `resume` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exports_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Go on with a cancelled or failed export */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exports_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
                export_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The film (MP4), Range-able */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "video/mp4": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluation_get: {
        parameters: {
            query?: {
                /** @description default: this year */
                year?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The year's evaluation as it stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluation_rows: {
        parameters: {
            query?: {
                /** @description default: this year */
                year?: number;
            };
            header?: never;
            path: {
                fact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows a fact is counted from */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactRowsAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluation_surveyed: {
        parameters: {
            query?: {
                /** @description default: this year */
                year?: number;
            };
            header?: never;
            path: {
                fact: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The surveys' answers behind a satisfaction rate */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveyedAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluation_what_if: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhatIfRequest"];
            };
        };
        responses: {
            /** @description The evaluation if facts were otherwise; nothing is kept */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluation_enter: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnterRequest"];
            };
        };
        responses: {
            /** @description Enter what the system cannot know */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnteredAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluation_frozen_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Frozen evaluations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FrozenAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluation_freeze: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FreezeRequest"];
            };
        };
        responses: {
            /** @description Freeze and sign the evaluation as it stands */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrozenAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluation_frozen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                frozen_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A frozen evaluation, computed again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrozenDetail"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audits_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last audits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audits_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begin an audit */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readiness_county: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Equipment, network spaces, agreements, small schools */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readiness_standard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The standard of a classroom */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandardAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readiness_own: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Checks of my classroom, or of my school */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ReadinessCheckAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readiness_check: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadinessCheckRequest"];
            };
        };
        responses: {
            /** @description Keep what a classroom measured of itself */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadinessCheckAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readiness_scan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                pairing_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The scan of an agreement, as an attachment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readiness_put_scan: {
        parameters: {
            query?: {
                /** @description the file's name */
                name?: string;
            };
            header?: never;
            path: {
                pairing_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Put up the scan of an agreement */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readiness_of_school: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                school_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A school's checks, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ReadinessCheckAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_list: {
        parameters: {
            query?: {
                /** @description default: this year */
                year?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The year's surveys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SurveyAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SurveyCreate"];
            };
        };
        responses: {
            /** @description Begin a survey */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveyDetail"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_sheets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                audience: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions of an audience's questions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SurveySheetAnswer"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_edit_sheet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SurveySheetEdit"];
            };
        };
        responses: {
            /** @description A new version of an audience's questions */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveySheetAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                survey_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A survey, and its results when it is closed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveyDetail"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                survey_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SurveyUpdate"];
            };
        };
        responses: {
            /** @description Another title or last day */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveyDetail"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                survey_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End a survey now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveyDetail"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                survey_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Withdraw a survey */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveyDetail"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                survey_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Take a withdrawal back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurveyDetail"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_add_groups: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                survey_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupsCreate"];
            };
        };
        responses: {
            /** @description Single-use codes for new groups, to print */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeSheet"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_reissue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reissue"];
            };
        };
        responses: {
            /** @description New codes instead of a group's unused ones */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodeSheet"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_remove_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a group that nobody answered for */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRequest"];
            };
        };
        responses: {
            /** @description What somebody with a code is asked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asked"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    surveys_answer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerRequest"];
            };
        };
        responses: {
            /** @description Answer with a code, once */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_live: {
        parameters: {
            query?: {
                /** @description 1: this is the wall; keeps its pictures coming for a minute */
                pictures?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is live now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["LiveLesson"][];
                        next: string | null;
                    };
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    wall_snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
                source: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A small picture of a live source */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description State of the system */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 200 once it can take a lesson */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    system_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events_stream: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    network_ice_servers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Relays (TURN) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IceServersAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    network_test: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Open a network test */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkTestAnswer"];
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    network_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                test_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End a network test */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rooms_connect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lesson's WebSocket */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_publish: {
        parameters: {
            query?: {
                /** @description `teacher` (default), `screen` or a participant id */
                source?: string;
            };
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/sdp": string;
            };
        };
        responses: {
            /** @description Publish (WHIP, RFC 9725) */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/sdp": string;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_options: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description CORS and Accept-Post */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End the session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_session_options: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description CORS, Accept-Patch */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/trickle-ice-sdpfrag": string;
            };
        };
        responses: {
            /** @description Trickle or ICE restart */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/trickle-ice-sdpfrag": string;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_play: {
        parameters: {
            query?: {
                /** @description `teacher` (default), `screen` or a participant id */
                source?: string;
            };
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/sdp": string;
            };
        };
        responses: {
            /** @description Play (WHEP) */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/sdp": string;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_play_options: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description CORS and Accept-Post */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_play_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End the session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_play_session_options: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description CORS and Accept-Patch */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whip_play_patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lesson_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/trickle-ice-sdpfrag": string;
            };
        };
        responses: {
            /** @description Trickle or ICE restart */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/trickle-ice-sdpfrag": string;
                };
            };
            /** @description RFC 9457 problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
