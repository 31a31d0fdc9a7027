// A transport that plays a script. An unscripted call fails the test, and so does an unused
// scripted answer.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "bqconn/http/transport.hpp"

namespace bqconn::tests {

class FakeTransport final : public http::Transport {
  public:
    using Answer = std::function<http::Response()>;

    FakeTransport() = default;
    ~FakeTransport() override;

    void answer(int status, std::string body, std::vector<http::Header> headers = {});
    void fail(http::Sent sent, const std::string& code = "network.reset");

    http::Response send(const http::Request& request) override;

    const std::vector<http::Request>& requests() const { return requests_; }

  private:
    std::deque<Answer> script_;
    std::vector<http::Request> requests_;
};

// The value of a request header; empty if missing.
std::string header_of(const http::Request& request, const std::string& name);

}  // namespace bqconn::tests
