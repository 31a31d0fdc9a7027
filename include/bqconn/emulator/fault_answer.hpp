// What a client sees of a fault.
#pragma once

#include <string_view>

#include "bqconn/emulator/fault.hpp"
#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

// The answer sent instead of `true_answer`, which is empty if the request was not carried out.
Answer faulty_answer(const Fault& fault, std::string_view path, std::string_view request_id,
                     const Answer& true_answer);

}  // namespace bqconn::emulator
