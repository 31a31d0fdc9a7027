// A random manifest, a random state of the service, random faults and kills: after enough runs of
// apply the service matches the file, each object exists once, and nothing else was touched.
// What each run reports must be true. BQCONN_APPLY_CASES and BQCONN_APPLY_SEED choose the cases.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <tuple>

#include "bqconn/cli/run.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/json/parse.hpp"
#include "reliability/struck_emulator.hpp"
#include "support/temporary_file.hpp"
#include "support/test_keys.hpp"

namespace bqconn::reliability {
namespace {

using emulator::Kind;
using json::Json;

constexpr std::array kinds{Kind::connection, Kind::source_connection, Kind::target_connection,
                           Kind::flow, Kind::mapping_set};

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    std::size_t below(std::size_t count) { return engine_() % count; }
    bool percent(std::size_t chance) { return below(100) < chance; }
    template <typename List>
    const typename List::value_type& one_of(const List& list) {
        return list[below(list.size())];
    }

  private:
    std::mt19937_64 engine_;
};

// --- Random manifests

// What a dataflow can copy in the emulator's sample data.
struct Shape {
    std::string table;
    std::string into;
    std::string dataset_id;
    std::vector<std::string> columns;  // that are always read
    std::vector<std::string> needed;   // mappings
    std::vector<std::string> others;   // mappings, of the same columns
    std::vector<std::string> deltas;   // empty: runs once only
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> all{
        {"shop.orders",
         "Orders",
         "665f00000000000000000002",
         {"order_id", "ordered_at", "customer_id"},
         {"order_id=_id", "ordered_at=timestamp"},
         {"order_id=_acme.orderId", "customer_id=_acme.customerId"},
         {"ordered_at"}},
        {"shop.orders",
         "Returns",
         "665f00000000000000000003",
         {"order_id", "ordered_at"},
         {"order_id=_acme.orderId"},
         {"\"none\"=_acme.reason"},
         {"ordered_at"}},
        {"shop.customers",
         "Customers",
         "665f00000000000000000001",
         {"customer_id", "created_at", "born_on", "newsletter"},
         {"customer_id=_acme.customerId"},
         {"created_at=_acme.createdAt", "newsletter=_acme.newsletter", "\"gold\"=_acme.tier"},
         {"created_at", "born_on"}},
        {"shop.returns",
         "Returns",
         "665f00000000000000000003",
         {"order_id", "reason"},
         {"order_id=_acme.orderId"},
         {"reason=_acme.reason"},
         {}},
    };
    return all;
}

const std::string shared = "Other warehouse";  // a connection that no manifest under test names
const std::string old_connection = "Old warehouse";
const std::string old_dataflow = "Old copy";

struct Object {
    bool is_dataflow = false;
    std::string sandbox = {};
    std::string name;
    Json keys = Json::object();
};

void set_or_erase(Json& keys, const std::string& key, bool set, const Json& value) {
    keys.erase(key);
    if (set) {
        keys[key] = value;
    }
}

void choose_description(Json& keys, Dice& dice) {
    const std::vector<std::string> texts{"Sales", "Umsätze, €", "ends with ]", "two  blanks ",
                                         "[x]"};
    set_or_erase(keys, "description", dice.percent(60), dice.one_of(texts));
}

// The keys whose values can be changed.
void choose_details(Json& keys, Dice& dice) {
    choose_description(keys, dice);
    set_or_erase(keys, "partial", dice.percent(30), dice.percent(50) ? Json(5) : Json("12.5"));
    if (!keys.contains("once")) {
        const std::vector<std::string> intervals{"15m", "60m", "1h", "3h", "24h", "1d", "1w"};
        keys["every"] = dice.one_of(intervals);
    }
}

void choose_mapping(Json& keys, const Shape& shape, Dice& dice) {
    keys["map"] = shape.needed;
    for (const auto& one : shape.others) {
        if (dice.percent(50)) {
            keys["map"].push_back(one);
        }
    }
}

const Shape& shape_of(const Json& keys) {
    return *std::find_if(shapes().begin(), shapes().end(), [&](const Shape& one) {
        return one.table == keys.at("table") && one.into == keys.at("into");
    });
}

// The keys whose values require a new dataflow.
void choose_copy(Json& keys, Dice& dice) {
    const bool once = keys.contains("once");
    const Shape* shape = &dice.one_of(shapes());
    while (!once && shape->deltas.empty()) {
        shape = &dice.one_of(shapes());
    }
    keys["table"] = shape->table;
    keys["into"] = shape->into;
    set_or_erase(keys, "delta", !once, once ? Json() : Json(dice.one_of(shape->deltas)));
    set_or_erase(keys, "columns", dice.percent(30), shape->columns);
    const std::string& column = shape->columns.front();
    set_or_erase(keys, "filter", dice.percent(20),
                 R"({"type":"PQL","format":"pql/json","value":{"nodeType":"fnApply","fnName":"=",)"
                 R"("params":[{"nodeType":"fieldLookup","fieldName":")" +
                     column + R"("},{"nodeType":"literal","value":)" +
                     (column == "customer_id" ? "1" : R"("A-1")") + "}]}}");
    choose_mapping(keys, *shape, dice);
}

Object random_connection(const std::string& name, const std::string& key_file, Dice& dice) {
    Object one{.name = name};
    if (dice.percent(60)) {
        one.keys = {{"kind", "basic"},
                    {"project", "my-project-123"},
                    {"client-id", {{"env", "BQCONN_CLIENT_ID"}}},
                    {"client-secret", {{"env", "BQCONN_CLIENT_SECRET"}}},
                    {"refresh-token", {{"env", "BQCONN_REFRESH_TOKEN"}}}};
    } else {
        one.keys = {{"kind", "service"}, {"key-file", {{"file", key_file}}}};
        set_or_erase(one.keys, "project", dice.percent(50), "my-project-123");
    }
    choose_description(one.keys, dice);
    set_or_erase(one.keys, "large-results-dataset", dice.percent(30), "tmp_results");
    return one;
}

Object random_dataflow(const std::string& name, const std::string& connection, Dice& dice) {
    Object one{.is_dataflow = true, .name = name};
    one.keys["connection"] = connection;
    set_or_erase(one.keys, "once", dice.percent(30), true);
    choose_copy(one.keys, dice);
    choose_details(one.keys, dice);
    set_or_erase(one.keys, "backfill", !one.keys.contains("once") && dice.percent(30), false);
    set_or_erase(one.keys, "start", dice.percent(15), "2099-01-01T00:00:00Z");
    return one;
}

void change_in_place(Object& one, Dice& dice) {
    if (one.is_dataflow) {
        choose_details(one.keys, dice);
        if (dice.percent(50)) {
            choose_mapping(one.keys, shape_of(one.keys), dice);
        }
        return;
    }
    choose_description(one.keys, dice);
    set_or_erase(one.keys, "large-results-dataset", dice.percent(50), "tmp_results");
    if (one.keys.contains("project")) {
        one.keys["project"] = dice.percent(50) ? "my-project-123" : "another-project";
    }
}

Json document_of(const std::string& mark, const std::vector<std::string>& sandboxes) {
    return {{"mark", mark.empty() ? Json(false) : Json(mark)},
            {"sandboxes", sandboxes},
            {"connections", Json::array()},
            {"dataflows", Json::array()}};
}

Json item_of(const Object& one) {
    Json item = one.keys;
    item["name"] = one.name;
    return item;
}

// A manifest with each object in its own sandbox.
std::string manifest_of(const std::string& mark, const std::vector<Object>& objects) {
    Json document = document_of(mark, {"dev", "prod"});
    for (const auto& one : objects) {
        Json item = item_of(one);
        item["sandboxes"] = {one.sandbox};
        document[one.is_dataflow ? "dataflows" : "connections"].push_back(item);
    }
    return document.dump(1);
}

// --- One case

struct RandomCase {
    std::string text;             // the manifest
    std::vector<Object> objects;  // what it says for each sandbox
    std::string mark;
    bool prunes = false;
    bool conflicts = false;  // has a difference that cannot be changed
};

RandomCase random_case(const std::string& key_file, Dice& dice) {
    RandomCase made;
    made.mark = dice.percent(75) ? "team" : "";
    made.prunes = !made.mark.empty() && dice.percent(60);
    made.conflicts = dice.percent(5);
    const auto sandboxes = dice.percent(60) ? std::vector<std::string>{"dev"}
                                            : std::vector<std::string>{"prod", "dev"};
    std::vector<Object> objects;
    for (std::size_t i = 0, count = 1 + dice.below(3); i < count; ++i) {
        objects.push_back(random_connection("Warehouse " + std::to_string(i), key_file, dice));
    }
    const std::size_t connections = objects.size();
    for (std::size_t i = 0, count = dice.below(5); i < count; ++i) {
        const std::string connection =
            dice.percent(15) ? shared : objects[dice.below(connections)].name;
        objects.push_back(random_dataflow("Copy " + std::to_string(i), connection, dice));
    }
    Json document = document_of(made.mark, sandboxes);
    for (const auto& one : objects) {
        Json item = item_of(one);
        std::map<std::string, Object> by_sandbox;
        for (const auto& sandbox : sandboxes) {
            by_sandbox[sandbox] = one;
            by_sandbox[sandbox].sandbox = sandbox;
        }
        if (dice.percent(30)) {
            Object& other = by_sandbox[sandboxes.back()];
            change_in_place(other, dice);
            Json overrides = Json::object();
            for (const auto& [key, value] : other.keys.items()) {
                if (json::member(one.keys, key.c_str()) != value) {
                    overrides[key] = value;
                }
            }
            for (const auto& [key, value] : one.keys.items()) {
                if (!other.keys.contains(key)) {
                    overrides[key] = nullptr;
                }
            }
            for (const auto& sandbox : sandboxes) {
                item["sandboxes"][sandbox] =
                    sandbox == sandboxes.back() ? overrides : Json(nullptr);
            }
        }
        document[one.is_dataflow ? "dataflows" : "connections"].push_back(item);
        for (const auto& [sandbox, object] : by_sandbox) {
            made.objects.push_back(object);
        }
    }
    std::stable_sort(
        made.objects.begin(), made.objects.end(),
        [](const Object& a, const Object& b) { return a.is_dataflow < b.is_dataflow; });
    made.text = document.dump(1);
    return made;
}

using Key = std::tuple<std::string, bool, std::string>;  // sandbox, whether a dataflow, name
using Everything = std::map<std::string, Json>;          // by kind, sandbox and id

class Trial {
  public:
    explicit Trial(std::uint64_t seed)
        : dice_(seed),
          key_(tests::service_account_text()),
          case_(random_case(key_.path(), dice_)) {}

    void run();
    const std::string& manifest() const { return case_.text; }
    const std::string& history() const { return history_; }

  private:
    void make_state();
    void apply_whole(const std::string& mark, const std::vector<Object>& objects);
    InProcess run_verb(const std::string& verb, const StruckEmulator::Strike& strike = {});
    std::map<Key, Json> difference();
    Everything everything();
    Everything untouched();
    void kill_somewhere();
    void strike_and_judge();
    void judge_results(const InProcess& finished, const std::map<Key, Json>& before,
                       const std::map<Key, Json>& after);
    void expect_conflict();
    void judge_end();
    void judge_connection(const Object& one, const std::vector<Json>& found);
    void judge_dataflow(const Object& one, const std::vector<Json>& found);
    std::set<std::string> leftovers(const std::string& sandbox);
    std::vector<Json> named(Kind kind, const std::string& sandbox, const std::string& name);
    Json by_id(Kind kind, const std::string& sandbox, const std::string& id);

    Dice dice_;
    test::TemporaryFile key_;
    RandomCase case_;
    StruckEmulator emulator_;
    std::string history_;
    std::set<std::string> users_of_old_;  // sandboxes where a dataflow of others uses it
};

std::vector<Json> Trial::named(Kind kind, const std::string& sandbox, const std::string& name) {
    std::vector<Json> found;
    emulator::Store& store = emulator_.store();
    for (const auto& one :
         store.page(kind, *store.find_sandbox(sandbox), {}, 0, 10'000).resources) {
        if (json::string_at(kind == Kind::mapping_set ? one->at("body") : *one, "name") == name) {
            found.push_back(*one);
        }
    }
    return found;
}

Json Trial::by_id(Kind kind, const std::string& sandbox, const std::string& id) {
    const auto found = emulator_.store().find(kind, *emulator_.store().find_sandbox(sandbox), id);
    return found ? *found : Json();
}

// Leaves out what changes with time alone.
Everything Trial::everything() {
    Everything all;
    emulator::Store& store = emulator_.store();
    for (const std::string sandbox : {"dev", "prod"}) {
        for (const Kind kind : kinds) {
            for (const auto& one :
                 store.page(kind, *store.find_sandbox(sandbox), {}, 0, 10'000).resources) {
                Json document = *one;
                document.erase("state");
                document.erase("lastRunDetails");
                all[sandbox + " " + collection_name(kind) + " " + json::string_at(*one, "id")] =
                    std::move(document);
            }
        }
    }
    return all;
}

// The objects of others, recognised by names that no manifest under test uses.
Everything Trial::untouched() {
    Everything all = everything();
    std::erase_if(all, [&](const auto& entry) {
        const Json& document = entry.second;
        const std::string name =
            json::string_at(document.contains("body") ? document.at("body") : document, "name");
        return !name.starts_with("Other") && (case_.prunes || !name.starts_with("Old"));
    });
    return all;
}

InProcess Trial::run_verb(const std::string& verb, const StruckEmulator::Strike& strike) {
    const test::TemporaryFile file(case_.text);
    std::vector<std::string> arguments{verb, file.path(), "-o", "json"};
    if (verb == "apply") {
        arguments.insert(arguments.end(), {"--yes", "--replace"});
    }
    if (case_.prunes) {
        arguments.push_back("--prune");
    }
    InProcess finished = emulator_.run(arguments, strike);
    history_ += verb + ": " + std::to_string(finished.status) + ", calls " +
                std::to_string(emulator_.calls()) + (emulator_.was_killed() ? ", killed" : "") +
                "\n" + finished.out + finished.err;
    return finished;
}

void Trial::apply_whole(const std::string& mark, const std::vector<Object>& objects) {
    if (objects.empty()) {
        return;
    }
    const test::TemporaryFile file(manifest_of(mark, objects));
    const InProcess finished = emulator_.run({"apply", file.path(), "--yes"});
    ASSERT_EQ(finished.status, 0) << finished.err << manifest_of(mark, objects);
}

// Creates the objects of others, and an earlier state of the manifest's objects.
void Trial::make_state() {
    const std::vector<std::string> marks{"team", "", "other"};
    std::vector<Object> foreign;
    std::vector<Object> obsolete;
    std::vector<Object> readers;
    std::map<std::string, std::vector<Object>> earlier;  // by mark
    for (const std::string sandbox : {"dev", "prod"}) {
        const auto add = [&](std::vector<Object>& list, Object one) {
            one.sandbox = sandbox;
            list.push_back(std::move(one));
        };
        add(foreign, random_connection(shared, key_.path(), dice_));
        add(foreign, random_dataflow("Other copy", shared, dice_));
        if (dice_.percent(50)) {
            add(obsolete, random_connection(old_connection, key_.path(), dice_));
            if (dice_.percent(60)) {
                add(obsolete, random_dataflow(old_dataflow,
                                              dice_.percent(50) ? old_connection : shared, dice_));
            }
            if (dice_.percent(25)) {
                add(readers, random_dataflow("Other reader", old_connection, dice_));
                users_of_old_.insert(sandbox);
            }
        }
    }
    std::set<std::pair<std::string, std::string>> connections;
    for (Object one : case_.objects) {
        const std::string mark = dice_.percent(70) ? case_.mark : dice_.one_of(marks);
        if (dice_.percent(35)) {
            continue;
        }
        if (!one.is_dataflow) {
            connections.emplace(one.sandbox, one.name);
        } else if (!connections.contains({one.sandbox, one.keys.at("connection")})) {
            one.keys["connection"] = shared;
        }
        if (dice_.percent(50)) {
            change_in_place(one, dice_);
        }
        if (one.is_dataflow && dice_.percent(40)) {
            if (dice_.percent(30)) {
                one.keys["connection"] = shared;
            } else {
                choose_copy(one.keys, dice_);
            }
        }
        earlier[mark].push_back(std::move(one));
    }
    if (case_.conflicts) {
        case_.conflicts = false;
        for (auto& [mark, objects] : earlier) {
            for (auto& one : objects) {
                if (!case_.conflicts && one.keys.contains("every")) {
                    case_.conflicts = true;
                    one.keys["backfill"] = !one.keys.value("backfill", true);
                }
            }
        }
    }
    apply_whole(dice_.one_of(marks) == "other" ? "other" : "", foreign);
    // Creates connections first: a dataflow with another mark may need them.
    for (const bool dataflows : {false, true}) {
        for (const auto& [mark, objects] : earlier) {
            std::vector<Object> some;
            std::copy_if(objects.begin(), objects.end(), std::back_inserter(some),
                         [&](const Object& one) { return one.is_dataflow == dataflows; });
            apply_whole(mark, some);
        }
    }
    apply_whole("team", obsolete);
    apply_whole("other", readers);
}

std::map<Key, Json> Trial::difference() {
    const InProcess finished = run_verb("diff");
    std::map<Key, Json> changes;
    EXPECT_TRUE(finished.status == 0 || finished.status == 5) << finished.err;
    const Json document = json::parse_or_null(finished.out);
    for (const auto& one : json::array_at(document, "changes")) {
        if (one.at("action") != "none" || !one.at("problems").empty()) {
            changes[{one.at("sandboxName"), one.at("type") == "dataflow", one.at("name")}] = one;
        }
    }
    EXPECT_EQ(finished.status == 0, changes.empty());
    return changes;
}

void Trial::kill_somewhere() {
    const std::size_t last = 10 + dice_.below(150);
    const Trouble end = dice_.percent(50) ? Trouble::killed : Trouble::killed_late;
    run_verb("apply", [&](std::size_t call) {
        return StruckEmulator::Struck{call == last ? end : Trouble::none};
    });
}

void Trial::strike_and_judge() {
    const auto before = difference();
    const Everything old_state = everything();
    const std::size_t chance = 1 + dice_.below(20);
    const std::size_t from = dice_.below(30);  // the reads before the first change
    const InProcess finished = run_verb("apply", [&](std::size_t call) {
        StruckEmulator::Struck struck;
        if (call >= from && dice_.percent(chance)) {
            struck.trouble =
                static_cast<Trouble>(1 + dice_.below(static_cast<std::size_t>(Trouble::limited)));
            struck.variety = dice_.below(100);
            history_ += "call " + std::to_string(call) + ": trouble " +
                        std::to_string(static_cast<int>(struck.trouble)) + "\n";
        }
        return struck;
    });
    const auto rows = exit_codes();
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [&](const ExitCodeRow& row) {
        return static_cast<int>(row.code) == finished.status && finished.status != 1;
    }));
    const auto after = difference();
    constexpr int unknown = static_cast<int>(ExitCode::unknown);
    constexpr int partial = static_cast<int>(ExitCode::partial);
    if (finished.status == 0) {
        EXPECT_TRUE(after.empty());
    } else if (finished.status != unknown && finished.status != partial) {
        EXPECT_EQ(everything(), old_state) << "exit code " << finished.status;
    }
    judge_results(finished, before, after);
}

// Checks what a result says about each object against a diff before and one after the run.
void Trial::judge_results(const InProcess& finished, const std::map<Key, Json>& before,
                          const std::map<Key, Json>& after) {
    if (finished.out.empty()) {
        return;
    }
    const Json document = json::parse_or_null(finished.out);
    ASSERT_TRUE(document.contains("changes"));
    EXPECT_EQ(document.at("changes").size(), before.size());
    for (const auto& one : document.at("changes")) {
        const Key key{one.at("sandboxName"), one.at("type") == "dataflow", one.at("name")};
        const std::string outcome = one.at("outcome");
        const Kind kind = std::get<bool>(key) ? Kind::flow : Kind::connection;
        const auto left = after.find(key);
        SCOPED_TRACE(one.dump());
        ASSERT_TRUE(before.contains(key));
        if (outcome == "unknown") {
            continue;
        }
        if (outcome == "failed" || outcome == "not_done") {
            const bool is_partial = one.contains("error") && one.at("error").at("exitCode") == 11;
            EXPECT_TRUE(is_partial || (left != after.end() &&
                                       left->second.at("action") == before.at(key).at("action")));
            if (!one.at("id").is_null()) {
                EXPECT_TRUE(is_partial || !by_id(kind, std::get<0>(key), one.at("id")).is_null());
            }
            continue;
        }
        EXPECT_EQ(left, after.end());
        if (one.at("action") == "delete") {
            EXPECT_TRUE(by_id(kind, std::get<0>(key), one.at("id")).is_null());
        } else {
            EXPECT_EQ(json::string_at(by_id(kind, std::get<0>(key), one.at("id")), "name"),
                      std::get<2>(key));
        }
    }
}

void Trial::expect_conflict() {
    const Everything old_state = everything();
    EXPECT_EQ(run_verb("apply").status, static_cast<int>(ExitCode::conflict));
    EXPECT_EQ(emulator_.changes(), 0U);
    EXPECT_EQ(everything(), old_state);
}

// Whether the description is the one in the file, with or without a mark.
void expect_description(const Object& one, const Json& document) {
    const std::string wanted = one.keys.value("description", "");
    std::string found = json::string_at(document, "description");
    for (const std::string mark : {"[bqconn:team]", "[bqconn:other]"}) {
        if (found.ends_with(mark)) {
            found.resize(found.size() - mark.size());
            if (!found.empty()) {
                EXPECT_EQ(found.back(), ' ');
                found.pop_back();
            }
        }
    }
    EXPECT_EQ(found, wanted);
}

void Trial::judge_connection(const Object& one, const std::vector<Json>& found) {
    ASSERT_EQ(found.size(), 1U);
    expect_description(one, found.front());
    const Json& params = found.front().at("auth").at("params");
    if (one.keys.contains("project")) {
        EXPECT_EQ(params.contains("project") ? params.at("project") : params.at("projectId"),
                  one.keys.at("project"));
    }
    EXPECT_EQ(params.value("largeResultsDataSetId", ""),
              one.keys.value("large-results-dataset", ""));
}

void Trial::judge_dataflow(const Object& one, const std::vector<Json>& found) {
    ASSERT_EQ(found.size(), 1U);
    const Json& flow = found.front();
    expect_description(one, flow);
    ASSERT_EQ(flow.at("sourceConnectionIds").size(), 1U);
    ASSERT_EQ(flow.at("targetConnectionIds").size(), 1U);
    const Json source =
        by_id(Kind::source_connection, one.sandbox, flow.at("sourceConnectionIds").front());
    const Json target =
        by_id(Kind::target_connection, one.sandbox, flow.at("targetConnectionIds").front());
    ASSERT_FALSE(source.is_null());
    ASSERT_FALSE(target.is_null());
    EXPECT_EQ(json::string_at(by_id(Kind::connection, one.sandbox, source.at("baseConnectionId")),
                              "name"),
              one.keys.at("connection"));
    EXPECT_EQ(source.at("params").at("tableName"), one.keys.at("table"));
    EXPECT_EQ(source.at("params").contains("filters"), one.keys.contains("filter"));
    EXPECT_EQ(target.at("params").at("dataSetId"), shape_of(one.keys).dataset_id);
    const Json& mapping = flow.at("transformations").back().at("params");
    const Json set = by_id(Kind::mapping_set, one.sandbox, mapping.at("mappingId"));
    ASSERT_FALSE(set.is_null());
    std::set<std::string> destinations;
    for (const auto& each : set.at("body").at("mappings")) {
        destinations.insert(json::string_at(each, "destination"));
    }
    std::set<std::string> wanted;
    for (const std::string pair : one.keys.at("map")) {
        wanted.insert(pair.substr(pair.find('=') + 1));
    }
    EXPECT_EQ(destinations, wanted);
    const Json& schedule = flow.at("scheduleParams");
    if (one.keys.contains("once")) {
        EXPECT_EQ(schedule.at("frequency"), "once");
    } else {
        const std::map<std::string, int> minutes{
            {"m", 1}, {"h", 60}, {"d", 24 * 60}, {"w", 7 * 24 * 60}};
        const std::string every = one.keys.at("every");
        EXPECT_EQ(schedule.at("interval").get<int>() *
                      minutes.at(schedule.at("frequency").get<std::string>().substr(0, 1)),
                  std::stoi(every) * minutes.at(every.substr(every.size() - 1)));
        EXPECT_EQ(flow.at("transformations").front().at("params").at("deltaColumn").at("name"),
                  one.keys.at("delta"));
        EXPECT_EQ(schedule.value("backfill", true), one.keys.value("backfill", true));
    }
    const Json percent =
        json::member(flow.value("options", Json::object()), "partialIngestionPercent");
    const Json wanted_percent = json::member(one.keys, "partial");
    EXPECT_EQ(percent.is_null() ? "" : percent.dump(), wanted_percent.is_null() ? ""
                                                       : wanted_percent.is_string()
                                                           ? wanted_percent.get<std::string>()
                                                           : wanted_percent.dump() + ".0");
}

// The names of the source and target connections that the file created and no dataflow uses.
std::set<std::string> Trial::leftovers(const std::string& sandbox) {
    std::set<std::string> used;
    std::set<std::string> names;
    emulator::Store& store = emulator_.store();
    const auto all = [&](Kind kind) {
        return store.page(kind, *store.find_sandbox(sandbox), {}, 0, 10'000).resources;
    };
    for (const auto& flow : all(Kind::flow)) {
        for (const char* const ids : {"sourceConnectionIds", "targetConnectionIds"}) {
            for (const std::string id : flow->at(ids)) {
                used.insert(id);
            }
        }
    }
    for (const Kind kind : {Kind::source_connection, Kind::target_connection}) {
        for (const auto& end : all(kind)) {
            if (!used.contains(json::string_at(*end, "id")) &&
                json::string_at(*end, "description") == "[bqconn:" + case_.mark + "]") {
                names.insert(json::string_at(*end, "name"));
            }
        }
    }
    return names;
}

void Trial::judge_end() {
    for (const auto& one : case_.objects) {
        SCOPED_TRACE(one.sandbox + ": " + one.name);
        if (one.is_dataflow) {
            judge_dataflow(one, named(Kind::flow, one.sandbox, one.name));
        } else {
            judge_connection(one, named(Kind::connection, one.sandbox, one.name));
        }
    }
    std::set<std::string> sandboxes;
    for (const auto& one : case_.objects) {
        sandboxes.insert(one.sandbox);
    }
    for (const auto& sandbox : sandboxes) {
        EXPECT_EQ(leftovers(sandbox), std::set<std::string>());
    }
    for (const auto& sandbox : case_.prunes ? sandboxes : std::set<std::string>()) {
        EXPECT_TRUE(named(Kind::flow, sandbox, old_dataflow).empty());
        EXPECT_EQ(named(Kind::connection, sandbox, old_connection).size(),
                  users_of_old_.contains(sandbox) ? 1U : 0U);
    }
}

void Trial::run() {
    make_state();
    if (testing::Test::HasFailure()) {
        return;
    }
    const Everything others = untouched();
    if (case_.conflicts) {
        expect_conflict();
        return;
    }
    for (std::size_t i = 0, kills = dice_.below(3); i < kills; ++i) {
        kill_somewhere();
    }
    for (std::size_t i = 0, runs = 1 + dice_.below(3); i < runs; ++i) {
        strike_and_judge();
        if (testing::Test::HasFailure()) {
            return;
        }
    }
    EXPECT_EQ(run_verb("apply").status, 0);
    EXPECT_TRUE(difference().empty());
    EXPECT_EQ(run_verb("apply").status, 0);
    EXPECT_EQ(emulator_.changes(), 0U) << "the second apply changes something";
    EXPECT_EQ(untouched(), others);
    judge_end();
}

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Apply, MatchesTheFileInTheEndDespiteFaultsAndKills) {
    const std::uint64_t seed = number_from("BQCONN_APPLY_SEED", 1);
    const std::uint64_t cases = number_from("BQCONN_APPLY_CASES", 100);
    std::cout << "seeds " << seed << " to " << seed + cases - 1 << std::endl;
    for (std::uint64_t i = seed; i < seed + cases; ++i) {
        Trial trial(i);
        trial.run();
        ASSERT_FALSE(HasFailure()) << "BQCONN_APPLY_SEED=" << i << " BQCONN_APPLY_CASES=1\n"
                                   << trial.manifest() << "\n"
                                   << trial.history();
    }
}

}  // namespace
}  // namespace bqconn::reliability
