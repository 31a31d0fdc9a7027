#include "bqconn/http/logger.hpp"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/ostream_sink.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "bqconn/core/error.hpp"

namespace bqconn::http {
namespace {

// Creates the file first, so that others can never read it.
void make_private_file(const std::string& file) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        throw Error(
            ExitCode::config, "config.log_file",
            "cannot open the log file " + file + ": " + std::generic_category().message(errno),
            "check the folder of --log-file (BQCONN_LOG_FILE)");
    }
    ::close(descriptor);
}

}  // namespace

std::shared_ptr<spdlog::logger> make_logger(std::ostream& err, const std::string& file) {
    spdlog::sink_ptr sink;
    if (file.empty()) {
        sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(err, true);
    } else {
        make_private_file(file);
        sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    }
    auto logger = std::make_shared<spdlog::logger>("bqconn", std::move(sink));
    logger->set_level(spdlog::level::debug);
    logger->flush_on(spdlog::level::debug);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %v");
    return logger;
}

}  // namespace bqconn::http
