// The forms that the token services of Adobe and Google accept: in the body, never in the query.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

// The parameters in the body. Throws Refused (invalid_request) if there is a query, or if the body
// has another type.
Pairs read_form(const Request& request);

// The value of a parameter; empty if missing. Throws Refused (invalid_request) if it is given more
// than once.
std::string parameter(const Pairs& form, std::string_view name);

}  // namespace bqconn::emulator
