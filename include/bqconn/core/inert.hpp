// Makes text from elsewhere harmless to show: no control characters, no escape sequences, no
// bidirectional marks, no invalid UTF-8, and nothing that a CI runner takes for a command: a line
// that starts with "::", after any white space, and "##[", "##vso[", "##teamcity[" and their like
// anywhere. Idempotent. It hides no secrets: that is Redactor's work, and comes first.
#pragma once

#include <string>
#include <string_view>

namespace bqconn {

// On one line: line breaks and tabs become single spaces.
std::string inert_line(std::string_view text);

// Line breaks (\n only) are kept.
std::string inert_text(std::string_view text);

// For serialised JSON: the same strings, every dangerous character written as a \u escape. The text
// stays valid JSON and decodes to the same value.
std::string inert_json(std::string_view json);

}  // namespace bqconn
