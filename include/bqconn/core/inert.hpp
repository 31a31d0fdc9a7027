// Makes untrusted text safe to show: no control characters, escape sequences, bidirectional marks
// or invalid UTF-8, and nothing that a CI runner takes for a command: a line that starts with "::",
// after any white space, or "##[", "##vso[", "##teamcity[" and the like anywhere. Idempotent. Does
// not hide secrets: apply Redactor first.
#pragma once

#include <string>
#include <string_view>

namespace bqconn {

// On one line: line breaks and tabs become single spaces.
std::string inert_line(std::string_view text);

// Keeps line breaks (\n only).
std::string inert_text(std::string_view text);

// For serialised JSON: writes every dangerous character as a \u escape. The text stays valid JSON
// and decodes to the same value.
std::string inert_json(std::string_view json);

}  // namespace bqconn
