// Makes the logger of a run. It never is spdlog's default one, which writes to stdout.
#pragma once

#include <memory>
#include <ostream>
#include <string>

namespace spdlog {
class logger;
}

namespace bqconn::http {

// Logs everything from debug on to `err`, or to the end of `file` if that is not empty. The file is
// made with mode 0600. Throws Error (config, "config.log_file") if it cannot be opened.
std::shared_ptr<spdlog::logger> make_logger(std::ostream& err, const std::string& file);

}  // namespace bqconn::http
