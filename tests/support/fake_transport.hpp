// A transport that plays a script. A call that was not scripted fails the test, and so does a
// scripted answer that nobody asked for.
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

// The value of a request header; empty if it is not there.
std::string header_of(const http::Request& request, const std::string& name);

}  // namespace bqconn::tests
