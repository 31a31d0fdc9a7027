// Shared by the reliability proofs: the calls of each verb, a service that answers all but one of
// them well, and a run's result.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/raw_server.hpp"

namespace bqconn::reliability {

enum class Endpoint {
    token,
    list,
    create,
    get,
    test,
    tables,
    table,
    update,
    remove,
    sources,
    sandboxes,
};

// Whether a call changes something, so that it must not be sent twice.
bool changes(Endpoint endpoint);

// `target` is the request's path and query.
Endpoint endpoint_of(std::string_view method, std::string_view target);

// By the start of a request, of which this much is enough.
Endpoint endpoint_of(std::string_view request);
inline constexpr std::size_t longest_start = 10;

// The answer of a healthy service.
struct Good {
    std::string status;  // "201 Created"
    std::string body;
};

Good good_answer(Endpoint endpoint);

// The id in good_answer(Endpoint::create).
extern const std::string created_id;

// A verb with the options that affect its calls: a row of tests/verbs.txt.
struct Verb {
    std::string name;
    std::vector<std::string> arguments;
    std::vector<Endpoint> calls;  // to Flow Service, if all goes well
    bool changes;
};

const std::vector<Verb>& verbs();

// What a faulty service does with one call. `request` is empty if it was not read.
using Strike = std::function<void(test::RawConnection& connection, const Good& good,
                                  const std::string& request)>;

// Flow Service and IMS on one port each. All calls are answered well until call number `struck`
// (from 0) of a part; it and all later ones are faulty. If negative, none is.
class Service {
  public:
    struct Plan {
        int struck_call = -1;
        int struck_token = -1;
        bool unread = false;  // happens before the request is read
    };

    Service(const Plan& plan, Strike strike);

    // The heads of requests that change something.
    int posts() const { return posts_; }

    // The settings of a run against it. With `given_token`, no token is fetched.
    std::vector<std::string> environment(bool given_token) const;

    const test::RawServer& platform() const { return platform_; }

  private:
    void serve(test::RawConnection& connection, int struck, bool unread, std::atomic<int>& served);

    Strike strike_;
    std::atomic<int> posts_ = 0;
    std::atomic<int> platform_served_ = 0;
    std::atomic<int> ims_served_ = 0;
    test::RawServer platform_;
    test::RawServer ims_;
};

// The secrets in environment() and the token answer: none may be printed.
const std::vector<std::string>& secrets();

// The first secret found in `text`; empty if there is none.
std::string secret_in(const std::string& text);

}  // namespace bqconn::reliability
