#include "reliability/scene.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "bqconn/core/text.hpp"
#include "reliability/in_process.hpp"
#include "support/temporary_file.hpp"

namespace bqconn::reliability {

const std::string created_id = "6990abad-977d-41b9-a85d-17ea8cf1c0e4";

namespace {

// A call of one kind: its name in tests/verbs.txt, its method, a part of its target, and the answer
// of a healthy service, in which ID stands for created_id.
struct Row {
    std::string_view name;
    std::string_view method;  // empty: any
    std::string_view part;
    std::string_view status;
    std::string_view body;
};

constexpr std::string_view ok = "200 OK";
constexpr std::string_view stored = R"({"id":"ID","etag":"\"ca00acbf\""})";
constexpr std::string_view empty_list = R"({"items":[],"_links":{}})";

// In the order of Endpoint; the first that fits.
constexpr std::array<Row, endpoint_count> rows{{
    {"token", "", "/ims/", ok,
     R"({"access_token":"made-up-fetched-token","token_type":"bearer","expires_in":86399})"},
    {"sandboxes", "GET", "/sandbox-management/", ok,
     R"({"sandboxes":[{"name":"dev","title":"Development"}],"_links":{"next":{"href":"x"}}})"},
    {"validate", "POST", "/mappingSets/validate", ok,
     R"({"validationResponse":[{"status":"SUCCESS"}]})"},
    {"make_source", "POST", "/sourceConnections", "201 Created", stored},
    {"make_target", "POST", "/targetConnections", "201 Created", stored},
    {"make_mapping", "POST", "/mappingSets", ok, R"({"id":"ID","version":0})"},
    {"begin_run", "POST", "/runs", ok, stored},
    {"act", "POST", "/action", "204 No Content", ""},
    {"make_flow", "POST", "service/flows", "201 Created", stored},
    {"create", "POST", "", "201 Created", stored},
    {"update_flow", "PATCH", "/flows/", ok, stored},
    {"update", "PATCH", "", ok, stored},
    {"remove_source", "DELETE", "/sourceConnections/", "204 No Content", ""},
    {"remove_target", "DELETE", "/targetConnections/", "204 No Content", ""},
    {"remove_mapping", "DELETE", "/mappingSets/", "204 No Content", ""},
    {"remove_flow", "DELETE", "/flows/", "204 No Content", ""},
    {"remove", "DELETE", "", "204 No Content", ""},
    {"sources", "GET", "/sourceConnections?", ok, empty_list},
    {"source", "GET", "/sourceConnections/", ok,
     R"({"items":[{"id":"ID","baseConnectionId":"ID","params":{"tableName":"shop.orders"}}]})"},
    {"targets", "GET", "/targetConnections?", ok, empty_list},
    {"target", "GET", "/targetConnections/", ok,
     R"({"items":[{"id":"ID","params":{"dataSetId":"ID"}}]})"},
    {"run", "GET", "/runs/", ok,
     R"({"items":[{"id":"ID","flowId":"ID","metrics":{"statusSummary":{"status":"failed"}}}]})"},
    {"runs", "GET", "/runs?", ok, empty_list},
    {"flow_spec", "GET", "/flowSpecs/", ok,
     R"({"items":[{"sourceConnectionSpecIds":["3c9b37f8-13a6-43d8-bad3-b863b941fedd"]}]})"},
    {"flow", "GET", "/flows/", ok,
     R"({"items":[{"id":"ID","etag":"\"e\"","name":"Orders","state":"enabled","flowSpec":)"
     R"({"id":"14518937-270c-4525-bdec-c2ba7cce3860"},"sourceConnectionIds":["ID"],)"
     R"("targetConnectionIds":["ID"],"scheduleParams":{"startTime":1,"frequency":"once"},)"
     R"("transformations":[{"name":"Mapping","params":{"mappingId":"ID"}}]}]})"},
    {"flows", "GET", "/flows?", ok,
     R"({"items":[{"id":"ID","name":"Orders","state":"enabled","flowSpec":)"
     R"({"id":"14518937-270c-4525-bdec-c2ba7cce3860"},"sourceConnectionIds":["ID"],)"
     R"("targetConnectionIds":["ID"]}],"_links":{}})"},
    {"dataset", "GET", "/dataSets/", ok,
     R"({"665f00000000000000000002":{"name":"Orders","schemaRef":{"id":"x"}},)"
     R"("ID":{"name":"Orders"}})"},
    {"datasets", "GET", "/dataSets?", ok,
     R"({"665f00000000000000000002":{"name":"Orders","schemaRef":{"id":"x"}}})"},
    {"schema", "GET", "/tenant/schemas/", ok,
     R"({"$id":"x","title":"Orders","required":["_id","timestamp"],"properties":)"
     R"({"_id":{"type":"string"},"timestamp":{"type":"string","format":"date-time"}}})"},
    {"schemas", "GET", "/tenant/schemas?", ok, R"({"results":[{"$id":"x","title":"Orders"}]})"},
    {"tables", "GET", "/explore?objectType=root", ok,
     R"([{"type":"table","name":"shop.orders","path":"shop.orders"}])"},
    {"table", "GET", "/explore?", ok,
     R"({"schema":{"columns":[{"name":"order_id"},{"name":"ordered_at"}]}})"},
    {"test", "GET", "/test", ok, R"({"result":true})"},
    {"get", "GET", "/connections/", ok,
     R"({"items":[{"id":"ID","etag":"\"e\"","name":"Warehouse","createdAt":1,)"
     R"("state":"enabled"}],"_links":{}})"},
    {"list", "", "", ok,
     R"({"items":[{"id":"ID","etag":"\"e\"","name":"Other","createdAt":1,)"
     R"("state":"enabled"}],"_links":{}})"},
}};

Endpoint endpoint_named(const std::string& name) {
    const auto* const found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
    if (found == rows.end()) {
        throw std::logic_error("tests/verbs.txt: unknown call " + name);
    }
    return static_cast<Endpoint>(found - rows.begin());
}

std::string with_id(std::string text) {
    for (auto at = text.find("ID"); at != std::string::npos; at = text.find("ID", at)) {
        text.replace(at, 2, created_id);
    }
    return text;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

// The manifests of the rows, about the connection in the list.
constexpr std::string_view same =
    "mark: team\nconnections:\n  - {name: Other, kind: service, key-file: {env: KEY}}\n";
constexpr std::string_view changed =
    "mark: team\n"
    "connections:\n"
    "  - {name: Other, kind: service, key-file: {env: KEY}, description: new}\n"
    "dataflows:\n"
    "  - {name: Sales, connection: Other, table: shop.orders, into: Orders,\n"
    "     map: [order_id=_id, ordered_at=timestamp], once: true}\n";

std::string argument_for(const std::string& word) {
    static const test::TemporaryFile same_file(same);
    static const test::TemporaryFile changed_file(changed);
    return word == "ID" || word == "FLOW" || word == "RUN" ? created_id
           : word == "SAME"                                ? same_file.path()
           : word == "CHANGES"                             ? changed_file.path()
                                                           : word;
}

std::vector<Verb> read_verbs() {
    std::ifstream in(BQCONN_TESTS_FOLDER "/verbs.txt");
    std::vector<Verb> verbs;
    for (std::string line; std::getline(in, line);) {
        const auto parts = split(line, '|');
        if (line.starts_with('#') || parts.size() != 2) {
            continue;
        }
        Verb verb{std::string(trim_ascii(parts[0])), words_of(parts[0]), {}, false};
        for (auto& word : verb.arguments) {
            word = argument_for(word);
        }
        for (const auto& name : words_of(parts[1])) {
            verb.calls.push_back(endpoint_named(name));
            verb.changes |= changes(verb.calls.back());
        }
        verbs.push_back(std::move(verb));
    }
    return verbs;
}

}  // namespace

bool changes(Endpoint endpoint) {
    return endpoint >= Endpoint::make_source && endpoint <= Endpoint::remove;
}

Endpoint endpoint_of(std::string_view method, std::string_view target) {
    const auto* const found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
        return (row.method.empty() || row.method == method) &&
               target.find(row.part) != std::string_view::npos;
    });
    return static_cast<Endpoint>(found - rows.begin());
}

Endpoint endpoint_of(std::string_view request) {
    const auto space = request.find(' ');
    const auto end = request.find(' ', space + 1);
    return endpoint_of(request.substr(0, space), request.substr(space + 1, end - space - 1));
}

bool takes_any_success(Endpoint endpoint, int status) {
    const bool takes = endpoint == Endpoint::make_mapping || endpoint == Endpoint::begin_run ||
                       endpoint == Endpoint::act ||
                       (endpoint >= Endpoint::remove_source && endpoint <= Endpoint::remove_flow);
    // 202: the deletion is looked for.
    const bool accepted = status == 202 && endpoint >= Endpoint::remove_source;
    return takes && status >= 200 && status < 300 && !accepted;
}

int exit_code_of(const Verb& verb, Endpoint struck, int code) {
    if (verb.applies() && changes(struck) && code != 0) {
        // The first of two changes; nothing follows if the service cannot be reached.
        return struck == Endpoint::update && (code == 9 || code == 14) ? code : 11;
    }
    const bool later_part = struck >= Endpoint::remove_source && struck <= Endpoint::remove_mapping;
    if (code != 0 && (later_part || (struck == Endpoint::test && verb.changes))) {
        return 11;
    }
    // A dataflow is shown and deleted without the ends that are gone, and listed without the names
    // of datasets that the credential may not read.
    const bool of_an_end = struck == Endpoint::source || struck == Endpoint::target ||
                           (struck == Endpoint::dataset && verb.name.starts_with("dataflow get"));
    const bool shown = of_an_end && code == 6;
    const bool listed =
        verb.name.starts_with("dataflow list") && struck == Endpoint::datasets && code == 4;
    // 5 would mean a difference.
    const bool refused = verb.name.starts_with("diff") && code == 5;
    return shown || listed ? 0 : refused ? 12 : code;
}

Good good_answer(Endpoint endpoint) {
    const Row& row = rows.at(static_cast<std::size_t>(endpoint));
    return {std::string(row.status), with_id(std::string(row.body))};
}

const std::vector<Verb>& verbs() {
    static const std::vector<Verb> all = read_verbs();
    return all;
}

Service::Service(const Plan& plan, Strike strike)
    : strike_(std::move(strike)),
      platform_([this, plan](test::RawConnection& connection) { serve(connection, plan); }),
      ims_([this, plan](test::RawConnection& connection) {
          serve(connection,
                {plan.struck_token, plan.struck_token, plan.unread, {Endpoint::token}, false});
      }) {}

int Service::posts() const {
    return *std::max_element(posts_.begin(), posts_.end(),
                             [](const auto& a, const auto& b) { return a.load() < b.load(); });
}

// The place of a call is that of its next occurrence in the row, or else of its last.
bool Service::is_struck(Endpoint endpoint, const Plan& plan) const {
    int before = served_.at(static_cast<std::size_t>(endpoint));
    int place = -1;
    for (std::size_t i = 0; i < plan.calls.size(); ++i) {
        if (plan.calls[i] == endpoint && (place < 0 || before-- > 0)) {
            place = static_cast<int>(i);
        }
    }
    return plan.struck_call >= 0 &&
           (plan.alone ? place == plan.struck_call : place >= plan.struck_call);
}

void Service::serve(test::RawConnection& connection, const Plan& plan) {
    const auto count = [this](Endpoint endpoint) {
        posts_.at(static_cast<std::size_t>(endpoint)) += changes(endpoint) ? 1 : 0;
    };
    for (;;) {
        // A connection that closes sooner may close before the request has been sent.
        if (plan.unread) {
            const std::string start = connection.peek(longest_start);
            if (start.empty()) {
                return;
            }
            if (const Endpoint endpoint = endpoint_of(start); is_struck(endpoint, plan)) {
                count(endpoint);
                strike_(connection, {}, "");
                return;
            }
        }
        const std::string request = connection.read_request();
        if (request.empty()) {
            return;
        }
        const Endpoint endpoint = endpoint_of(request);
        count(endpoint);
        const Good good = good_answer(endpoint);
        if (is_struck(endpoint, plan)) {
            strike_(connection, good, request);
            return;
        }
        ++served_.at(static_cast<std::size_t>(endpoint));
        connection.send(test::answer(good.status, good.body));
    }
}

std::vector<std::string> Service::environment(bool given_token) const {
    return settings(platform_.url(""), ims_.url(""), given_token);
}

const std::vector<std::string>& secrets() {
    static const std::vector<std::string> all{"made-up-given-token", "made-up-fetched-token",
                                              "made-up-api-secret", "made-up-client-secret",
                                              "made-up-refresh-token"};
    return all;
}

std::string secret_in(const std::string& text) {
    const auto found = std::find_if(
        secrets().begin(), secrets().end(),
        [&text](const std::string& secret) { return text.find(secret) != std::string::npos; });
    return found == secrets().end() ? "" : *found;
}

}  // namespace bqconn::reliability
