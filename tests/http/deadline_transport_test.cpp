#include "bqconn/http/deadline_transport.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;

// Passes the scripted transport on without owning it.
class Borrowed final : public Transport {
  public:
    explicit Borrowed(Transport& inner) : inner_(inner) {}
    Response send(const Request& request) override { return inner_.send(request); }

  private:
    Transport& inner_;
};

TEST(DeadlineTransport, EachCallGetsWhatIsLeft) {
    tests::FakeTransport script;
    std::chrono::steady_clock::time_point now;
    DeadlineTransport transport(std::make_unique<Borrowed>(script), milliseconds(900),
                                [&now] { return now; });
    script.answer(200, "");
    script.answer(503, "");
    script.answer(200, "");
    Request request;
    transport.send(request);
    now += milliseconds(600);
    EXPECT_EQ(transport.send(request).status, 503) << "it is not tried again";
    request.timeout = milliseconds(100);
    transport.send(request);
    EXPECT_EQ(script.requests()[0].timeout, milliseconds(900));
    EXPECT_EQ(script.requests()[1].timeout, milliseconds(300));
    EXPECT_EQ(script.requests()[2].timeout, milliseconds(100));
    now += milliseconds(300);
    const Error error = tests::error_of([&] { transport.send(request); });
    EXPECT_EQ(error.code(), "network.timeout");
    EXPECT_EQ(script.requests().size(), 3U);
}

}  // namespace
}  // namespace bqconn::http
