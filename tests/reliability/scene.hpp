// What the proofs of reliability share: the calls of each verb, a service that answers them well
// but for one, and what a run came to.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "support/raw_server.hpp"

namespace bqconn::reliability {

enum class Endpoint { token, list, create, item, test, update };

// A call that changes something.
constexpr bool is_write(Endpoint endpoint) {
    return endpoint == Endpoint::create || endpoint == Endpoint::update;
}

// By a request, or by its beginning: this much tells what writes from what reads.
Endpoint endpoint_of(const std::string& request);
inline constexpr std::size_t longest_start = 10;

// The answer that a service in good health gives.
struct Good {
    std::string status;  // "201 Created"
    std::string body;
};

Good good_answer(Endpoint endpoint);

// The id in good_answer(), and of the verbs that want one.
extern const std::string created_id;

// A verb with the options that matter to its calls. A new verb joins by a row.
struct Verb {
    std::string name;
    std::vector<std::string> arguments;
    std::vector<Endpoint> calls;  // to Flow Service, when all goes well
    bool writes;
};

const std::vector<Verb>& verbs();

// What a broken service does with one call. `request` is empty if it was not read.
using Strike = std::function<void(test::RawConnection& connection, const Good& good,
                                  const std::string& request)>;

// Flow Service and IMS on one port each. Everything is answered well until call number `struck`
// (from 0) of a part, which is struck, and so is every later one; a negative number: none is.
class Service {
  public:
    struct Plan {
        int struck_call = -1;
        int struck_token = -1;
        bool unread = false;  // strikes before the request is read
    };

    Service(const Plan& plan, Strike strike);

    // Requests that would change something, by their heads.
    int writes() const { return writes_; }

    // The settings of a run against it. With `given_token` no token is fetched.
    std::vector<std::string> environment(bool given_token) const;

    const test::RawServer& platform() const { return platform_; }

  private:
    void serve(test::RawConnection& connection, int struck, bool unread, std::atomic<int>& served);

    Strike strike_;
    std::atomic<int> writes_ = 0;
    std::atomic<int> platform_served_ = 0;
    std::atomic<int> ims_served_ = 0;
    test::RawServer platform_;
    test::RawServer ims_;
};

// The secrets that environment() and the token answer hold: none may be printed.
const std::vector<std::string>& secrets();

// Empty if no secret stands in `text`, else the first one that does.
std::string secret_in(const std::string& text);

}  // namespace bqconn::reliability
