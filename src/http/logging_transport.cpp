#include "bqconn/http/logging_transport.hpp"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/ostream_sink.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;

// Headers that contain no secrets and identify only what Adobe support asks for.
constexpr std::array<std::string_view, 12> shown_headers{
    "accept",     "content-length",  "content-type", "date",
    "etag",       "if-match",        "retry-after",  "transfer-encoding",
    "user-agent", "x-gw-ims-org-id", "x-request-id", "x-sandbox-name"};

std::string shown_header(const Header& header) {
    const bool shown = std::find(shown_headers.begin(), shown_headers.end(),
                                 to_lower_ascii(header.name)) != shown_headers.end();
    return header.name + ": " + (shown ? header.value : std::string(redacted_text));
}

std::string shown_query(std::string_view query) {
    std::string out;
    for (const auto& pair : split(query, '&')) {
        out += out.empty() ? "?" : "&";
        out += pair.substr(0, pair.find('=')) + "=" + std::string(redacted_text);
    }
    return out;
}

// Scheme, host, port and path; only the names of the query.
std::string shown_url(const std::string& url) {
    try {
        const UrlParts parts = parse_url(url);
        return parts.without_query() + (parts.query.empty() ? "" : shown_query(parts.query));
    } catch (const std::invalid_argument&) {
        return "(not a URL)";
    }
}

std::string count_of_bytes(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

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

LoggingTransport::LoggingTransport(std::unique_ptr<Transport> inner,
                                   std::shared_ptr<spdlog::logger> logger, Cleaner cleaner, Now now)
    : inner_(std::move(inner)),
      logger_(std::move(logger)),
      cleaner_(std::move(cleaner)),
      now_(std::move(now)) {}

Response LoggingTransport::send(const Request& request) {
    if (!logger_->should_log(spdlog::level::debug)) {
        return inner_->send(request);
    }
    log_request(request);
    const auto start = now_();
    const auto taken = [&] { return std::chrono::duration_cast<milliseconds>(now_() - start); };
    try {
        Response response = inner_->send(request);
        log_response(response, taken());
        return response;
    } catch (const TransportError& error) {
        log("< " + error.code() + " after " + std::to_string(taken().count()) + " ms, " +
            (error.sent() == Sent::no ? "not sent: " : "may have been sent: ") + error.message());
        throw;
    }
}

void LoggingTransport::log(std::string_view line) const {
    logger_->debug("{}", cleaner_(line));
}

void LoggingTransport::log_request(const Request& request) const {
    log("> " + std::string(name_of(request.method)) + " " + shown_url(request.url) + ", " +
        count_of_bytes(request.body.size()));
    for (const auto& header : request.headers) {
        log("> " + shown_header(header));
    }
    if (!request.authorization.empty() || request.late_authorization.valid()) {
        log("> Authorization: " + std::string(redacted_text));
    }
}

void LoggingTransport::log_response(const Response& response, milliseconds taken) const {
    const std::string request_id = response.header("x-request-id");
    log("< " + std::to_string(response.status) + " after " + std::to_string(taken.count()) +
        " ms, " + count_of_bytes(response.body.size()) +
        (request_id.empty() ? "" : ", x-request-id " + request_id));
    for (const auto& header : response.headers) {
        log("< " + shown_header(header));
    }
}

}  // namespace bqconn::http
