#include "bqconn/emulator/http_handlers.hpp"

#include <httplib.h>

#include <cstddef>
#include <exception>
#include <utility>

#include "bqconn/emulator/connections_of_port.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t largest_body = 1024 * 1024;

Request request_of(const httplib::Request& request, std::string body) {
    Pairs headers;
    for (const auto& [name, value] : request.headers) {
        // The library adds these to the headers sent.
        if (name != "REMOTE_ADDR" && name != "REMOTE_PORT" && name != "LOCAL_ADDR" &&
            name != "LOCAL_PORT") {
            headers.emplace_back(name, value);
        }
    }
    return make_request(request.method, request.target, std::move(headers), std::move(body));
}

// Without either header there is no body, whatever the method: the library would wait for one until
// its timeout.
bool has_body(const httplib::Request& request) {
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

void fill(httplib::Response& response, const Answer& answer) {
    response.status = answer.status;
    for (const auto& [name, value] : answer.headers) {
        response.set_header(name, value);
    }
    response.body = answer.body;
}

// Sends the full Content-Length and only `size` bytes; then the library closes the connection.
void cut_off(httplib::Response& response, std::size_t size) {
    const std::string whole = std::exchange(response.body, {});
    const std::string type = response.get_header_value("Content-Type");
    // The library adds the type again.
    response.headers.erase("Content-Type");
    response.set_content_provider(
        whole.size(), type,
        [part = whole.substr(0, size)](std::size_t offset, std::size_t, httplib::DataSink& sink) {
            return offset == 0 && !part.empty() && sink.write(part.data(), part.size());
        });
}

// Each connection has its own thread and one request at a time.
thread_local bool thread_answers = false;

}  // namespace

void HttpHandlers::add_to(httplib::Server& server) {
    server.set_payload_max_length(largest_body);
    server.set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
            begin_answer();
            if (has_body(request)) {
                return httplib::Server::HandlerResponse::Unhandled;
            }
            answer(request, {}, response);
            return httplib::Server::HandlerResponse::Handled;
        });
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& reader) {
        read_and_answer(request, response, reader);
    };
    const auto without_body = [this](const httplib::Request& request, httplib::Response& response) {
        answer(request, {}, response);
    };
    const std::string everything = R"([\s\S]*)";
    server.Post(everything, with_body);
    server.Put(everything, with_body);
    server.Patch(everything, with_body);
    server.Delete(everything, with_body);
    server.Get(everything, without_body);
    server.Options(everything, without_body);
    add_error_handlers(server);
    // Called after the answer has been written.
    server.set_logger([this](const httplib::Request&, const httplib::Response&) { end_answer(); });
}

void HttpHandlers::add_error_handlers(httplib::Server& server) {
    // Called for every status from 400. The emulator's own answers already have a request id.
    server.set_error_handler(httplib::Server::HandlerWithResponse(
        [this](const httplib::Request&, httplib::Response& response) {
            if (!response.has_header("x-request-id")) {
                fill(response, emulator_.answer_unreadable(response.status));
            }
            return httplib::Server::HandlerResponse::Handled;
        }));
    // The library would put the exception's message into a header.
    server.set_exception_handler(
        [this](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
            fill(response, emulator_.answer_unreadable(500));
        });
}

void HttpHandlers::read_and_answer(const httplib::Request& request, httplib::Response& response,
                                   const httplib::ContentReader& reader) {
    std::string body;
    const auto take = [&](const char* data, std::size_t size) {
        body.append(data, size);
        return body.size() <= largest_body;
    };
    const bool read = request.is_multipart_form_data()
                          ? reader([](const auto&) { return true; }, take)
                          : reader(take);
    if (read) {
        answer(request, std::move(body), response);
    } else if (body.size() > largest_body) {
        // The library enforces its limit only if Content-Length is sent.
        response.status = 413;
    }
}

void HttpHandlers::answer(const httplib::Request& request, std::string body,
                          httplib::Response& response) {
    const Answer answer = emulator_.answer(request_of(request, std::move(body)));
    const Delivery& delivery = answer.delivery;
    if (delivery.delay.count() > 0) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, delivery.delay, [this] { return stopping_; });
    }
    fill(response, answer);
    if (delivery.reset) {
        reset_connection(static_cast<std::uint16_t>(request.local_port),
                         static_cast<std::uint16_t>(request.remote_port));
    } else if (delivery.cut_off && *delivery.cut_off < answer.body.size()) {
        cut_off(response, *delivery.cut_off);
    }
}

void HttpHandlers::begin_answer() {
    const std::lock_guard lock(mutex_);
    thread_answers = true;
    ++under_way_;
}

void HttpHandlers::end_answer() {
    const std::lock_guard lock(mutex_);
    // Requests that the library refuses itself never called begin_answer().
    if (std::exchange(thread_answers, false)) {
        --under_way_;
        changed_.notify_all();
    }
}

void HttpHandlers::finish(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, patience, [this] { return under_way_ == 0; });
}

}  // namespace bqconn::emulator
