#include "support/http_call.hpp"

#include "bqconn/http/curl_transport.hpp"

namespace bqconn::test {
namespace {

std::string name_of(ExitCode code) {
    for (const auto& row : exit_codes()) {
        if (row.code == code) {
            return std::string(row.name);
        }
    }
    return "?";
}

}  // namespace

std::string Outcome::text() const {
    if (response) {
        return std::to_string(response->status);
    }
    return error->code() + (error->sent() == http::Sent::no ? " no " : " maybe ") +
           name_of(error->exit_code());
}

std::string Outcome::message() const {
    return error ? error->message() + "\n" + error->hint() : "";
}

Outcome call(http::Transport& transport, const http::Request& request) {
    Outcome outcome;
    try {
        outcome.response = transport.send(request);
    } catch (const http::TransportError& error) {
        outcome.error = error;
    }
    return outcome;
}

http::Request get(const std::string& url) {
    http::Request request;
    request.url = url;
    return request;
}

http::Request post(const std::string& url, const std::string& body) {
    http::Request request = get(url);
    request.method = http::Method::post;
    request.body = Secret(body);
    return request;
}

http::TransportOptions patient() {
    http::TransportOptions options;
    options.connect_timeout = std::chrono::seconds(30);
    options.timeout = std::chrono::seconds(30);
    return options;
}

Outcome call_once(const http::Request& request, const http::TransportOptions& options) {
    http::CurlTransport transport(options);
    return call(transport, request);
}

}  // namespace bqconn::test
