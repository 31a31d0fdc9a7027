// bqconn-emulator from its arguments to its exit status.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace bqconn::emulator {

// `arguments` excludes the program's name; `environment` is NAME=value. Catches every exception.
int run(std::span<const std::string> arguments, std::span<const std::string> environment,
        std::ostream& out, std::ostream& err);

}  // namespace bqconn::emulator
