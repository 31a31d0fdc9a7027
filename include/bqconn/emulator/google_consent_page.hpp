// The HTML of Google's consent page.
#pragma once

#include <string>

#include "bqconn/emulator/google_consent_request.hpp"
#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

inline const std::string consent_path = "/o/oauth2/v2/auth";

// One checkbox per scope, with the scope's last part as its id, and buttons with the ids allow and
// deny. The form is sent to consent_path + "/decide" with all of `parameters`.
Answer consent_page(const ConsentRequest& request, const Pairs& parameters);

// "Error 400: redirect_uri_mismatch" and the reason.
Answer consent_error_page(const ConsentRefused& refused);

// Escapes text, and attributes in double quotes.
std::string html_escaped(std::string_view text);

}  // namespace bqconn::emulator
