// Creates the logger. It is never spdlog's default one, which writes to stdout.
#pragma once

#include <memory>
#include <ostream>
#include <string>

namespace spdlog {
class logger;
}

namespace bqconn::http {

// Logs from debug level up to `err`, or appends to `file` if it is not empty. The file is created
// with mode 0600. Throws Error (config, "config.log_file") if it cannot be opened.
std::shared_ptr<spdlog::logger> make_logger(std::ostream& err, const std::string& file);

}  // namespace bqconn::http
