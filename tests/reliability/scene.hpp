// Shared by the reliability proofs: the calls of each verb, a service that answers all but one of
// them well, and a run's result.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/raw_server.hpp"

namespace bqconn::reliability {

// In the order in which scene.cpp tries to recognise them.
enum class Endpoint {
    token,
    sandboxes,
    validate,
    make_source,
    make_target,
    make_mapping,
    begin_run,
    act,
    make_flow,
    create,
    update_flow,
    update,
    remove_source,
    remove_target,
    remove_mapping,
    remove_flow,
    remove,
    sources,
    source,
    targets,
    target,
    run,
    runs,
    flow_spec,
    flow,
    flows,
    dataset,
    datasets,
    schema,
    schemas,
    tables,
    table,
    test,
    get,
    list,
};
inline constexpr std::size_t endpoint_count = static_cast<std::size_t>(Endpoint::list) + 1;

// Whether a call changes something, so that it must not be sent twice.
bool changes(Endpoint endpoint);

// `target` is the request's path and query.
Endpoint endpoint_of(std::string_view method, std::string_view target);

// By the start of a request, of which this much is enough.
Endpoint endpoint_of(std::string_view request);

// Whether this 2xx is a success of a change that takes any.
bool takes_any_success(Endpoint endpoint, int status);

struct Verb;

// The exit code of a row if its call `struck` fails with `code`: what was done before it is a part
// of what was asked, and some calls only add to the result.
int exit_code_of(const Verb& verb, Endpoint struck, int code);
inline constexpr std::size_t longest_start = 80;

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

    bool applies() const { return name.starts_with("apply"); }  // several changes
};

const std::vector<Verb>& verbs();

// What a faulty service does with one call. `request` is empty if it was not read.
using Strike = std::function<void(test::RawConnection& connection, const Good& good,
                                  const std::string& request)>;

// Adobe's platform and IMS on one port each. The call number `struck` (from 0) of a row's `calls`
// is faulty, and those after it unless `alone`; all others are answered well. If negative, none is.
class Service {
  public:
    struct Plan {
        int struck_call = -1;
        int struck_token = -1;
        bool unread = false;  // happens before the request is read
        std::vector<Endpoint> calls = {};
        bool alone = false;
    };

    Service(const Plan& plan, Strike strike);

    // The heads of requests that make the same change; the most of any change.
    int posts() const;

    // The settings of a run against it. With `given_token`, no token is fetched.
    std::vector<std::string> environment(bool given_token) const;

    const test::RawServer& platform() const { return platform_; }

  private:
    using Counts = std::array<std::atomic<int>, endpoint_count>;

    void serve(test::RawConnection& connection, const Plan& plan);
    bool is_struck(Endpoint endpoint, const Plan& plan) const;

    Strike strike_;
    Counts posts_{};
    Counts served_{};
    test::RawServer platform_;
    test::RawServer ims_;
};

// The secrets in environment() and the token answer: none may be printed.
const std::vector<std::string>& secrets();

// The first secret found in `text`; empty if there is none.
std::string secret_in(const std::string& text);

}  // namespace bqconn::reliability
