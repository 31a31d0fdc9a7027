#include "support/fake_transport.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace bqconn::tests {

FakeTransport::~FakeTransport() {
    EXPECT_TRUE(script_.empty()) << script_.size() << " scripted answers were not used";
}

void FakeTransport::answer(int status, std::string body, std::vector<http::Header> headers) {
    script_.emplace_back([response = http::Response{status, std::move(headers), std::move(body)}] {
        return response;
    });
}

void FakeTransport::fail(http::Sent sent, const std::string& code) {
    script_.emplace_back([sent, code]() -> http::Response {
        throw http::TransportError(sent, ExitCode::network, code, "the connection broke",
                                   "look at the network");
    });
}

http::Response FakeTransport::send(const http::Request& request) {
    // A real transport sends nothing before the value is ready.
    if (request.late_authorization.valid()) {
        request.late_authorization.wait();
    }
    requests_.push_back(request);
    if (script_.empty()) {
        ADD_FAILURE() << "unscripted call: " << http::name_of(request.method) << " " << request.url;
        return {500, {}, ""};
    }
    const Answer next = std::move(script_.front());
    script_.pop_front();
    return next();
}

std::string header_of(const http::Request& request, const std::string& name) {
    if (name == "Authorization") {
        return request.authorization.reveal();
    }
    for (const auto& header : request.headers) {
        if (header.name == name) {
            return header.value;
        }
    }
    return {};
}

}  // namespace bqconn::tests
