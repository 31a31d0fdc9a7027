#include "emulator/platform/lake.hpp"

#include <gtest/gtest.h>

#include "emulator/http_client.hpp"
#include "emulator/platform/mapping.hpp"

namespace bqconn::emulator {
namespace {

const std::string customers = "665f00000000000000000001";
const std::string customers_schema =
    "https://ns.adobe.com/acme/schemas/5c1b0a54f8a34f0f9f1d2c7e6b3a9d01";
const std::string list_accept = "application/vnd.adobe.xed-id+json";
const std::string full_accept = "application/vnd.adobe.xed-full+json; version=1";

class LakeTest : public testing::Test {
  protected:
    // `path` is below /data/foundation.
    Reply call(const std::string& method, const std::string& path, const Json& body = {},
               const std::string& accept = {}, const std::string& sandbox = "dev") {
        Headers headers = emulator_->credentials(sandbox);
        headers["Content-Type"] = "application/json";
        if (!accept.empty()) {
            headers["Accept"] = accept;
        }
        return send(emulator_->port(), method, "/data/foundation" + path, headers,
                    body.is_null() ? "" : body.dump());
    }

    Json answer(int status, const std::string& method, const std::string& path,
                const Json& body = {}, const std::string& accept = {}) {
        const Reply reply = call(method, path, body, accept);
        EXPECT_EQ(reply.status, status) << method << " " << path << ": " << reply.body;
        return json::parse_or_null(reply.body);
    }

    // The names of the datasets in the list, in its order.
    std::string names(const std::string& query) {
        const Reply reply = call("GET", "/catalog/dataSets?" + query);
        EXPECT_EQ(reply.status, 200) << query << reply.body;
        std::string found;
        const auto datasets = json::OrderedJson::parse(reply.body);
        for (const auto& dataset : datasets) {
            found += (found.empty() ? "" : " ") + dataset.at("name").get<std::string>();
        }
        return found;
    }

    std::string create_dataset(const std::string& name) {
        const Json made = answer(201, "POST", "/catalog/dataSets",
                                 {{"name", name}, {"schemaRef", {{"id", customers_schema}}}});
        const std::string reference = made.at(0);
        EXPECT_TRUE(reference.starts_with("@/dataSets/"));
        EXPECT_EQ(made.size(), 1U);
        return reference.substr(11);
    }

    Store& store() { return emulator_->emulator.store(); }
    const Sandbox& dev() { return *store().find_sandbox("dev"); }

    std::unique_ptr<RunningEmulator> emulator_ = std::make_unique<RunningEmulator>();
};

// --- Catalog

TEST_F(LakeTest, DatasetsAreKeyedByTheirId) {
    const Json found = answer(200, "GET", "/catalog/dataSets/" + customers);
    EXPECT_EQ(found.size(), 1U);
    const Json& dataset = found.at(customers);
    EXPECT_EQ(dataset.at("name"), "Customers");
    EXPECT_EQ(dataset.at("schemaRef").at("id"), customers_schema);
    EXPECT_EQ(dataset.at("tags").at("adobe/pqs/table"), Json::array({"customers"}));
    EXPECT_EQ(dataset.at("classification"), (Json{{"managedBy", "CUSTOMER"}}));
    EXPECT_EQ(answer(404, "GET", "/catalog/dataSets/nope").at("status"), 404);
    EXPECT_EQ(answer(200, "GET", "/catalog/dataSets?property=name==nope"), Json::object());
    EXPECT_EQ(answer(200, "GET", "/catalog/dataSets/" + customers + "?properties=name,nope"),
              (Json{{customers, {{"name", "Customers"}}}}));
    EXPECT_EQ(answer(200, "GET", "/catalog/dataSets?limit=1&properties=name,nope"),
              (Json{{customers, {{"name", "Customers"}}}}));
}

TEST_F(LakeTest, DatasetsByName) {
    create_dataset("Cust*");
    create_dataset("Orders");
    struct Case {
        std::string query;
        std::string names;
    };
    for (const auto& [query, expected] : {Case{"", "Customers Orders Returns Cust* Orders"},
                                          {"property=name==Orders", "Orders Orders"},
                                          {"property=name%3DOrders", "Orders Orders"},
                                          {"property=name!=Orders", "Customers Returns Cust*"},
                                          {"property=name==Cust**", "Cust*"},
                                          {"property=name==Orders&property=name==Returns", ""},
                                          {"name=Returns", "Returns"},
                                          {"createdAfter=1&limit=1", "Customers"},
                                          {"createdAfter=9999999999999", ""},
                                          {"start=1&limit=2", "Orders Returns"},
                                          {"start=9", ""},
                                          {"orderBy=desc:created&limit=2", "Orders Cust*"}}) {
        EXPECT_EQ(names(query), expected) << query;
    }
    for (const std::string query :
         {"limit=0", "limit=101", "limit=x", "start=-1", "createdAfter=x", "property=name",
          "property=created>1", "property=name==Cust*"}) {
        answer(400, "GET", "/catalog/dataSets?" + query);
    }
    for (int i = 0; i < 20; ++i) {
        create_dataset("x");
    }
    EXPECT_EQ(answer(200, "GET", "/catalog/dataSets").size(), 20U);
    EXPECT_EQ(answer(200, "GET", "/catalog/dataSets?limit=100").size(), 25U);
}

TEST_F(LakeTest, LifeOfADataset) {
    const std::string path = "/catalog/dataSets/" + create_dataset("New");
    EXPECT_EQ(call("GET", path, {}, {}, "prod").status, 404);
    EXPECT_EQ(answer(200, "DELETE", path), Json::array({"@" + path.substr(8)}));
    answer(404, "GET", path);
    answer(404, "DELETE", path);
    const Json reference = {{"id", customers_schema}};
    for (const Json& body : {Json{{"schemaRef", reference}}, Json{{"name", "x"}},
                             Json{{"name", "x"}, {"schemaRef", {{"id", "nope"}}}},
                             Json{{"name", "x"}, {"schemaRef", reference}, {"tags", 1}}}) {
        answer(400, "POST", "/catalog/dataSets", body);
    }
}

// --- Schema Registry

TEST_F(LakeTest, Accept) {
    const std::string list = "/schemaregistry/tenant/schemas";
    const std::string one = list + "/" + alt_id(customers_schema);
    const std::string prefix = "application/vnd.adobe.";
    struct Case {
        std::string path;
        std::string accept;
        std::string code;  // empty: answered
    };
    for (const auto& [path, accept, code] :
         {Case{list, prefix + "xed-id+json", ""},
          {list, prefix + "xdm+json", ""},
          {list, prefix + "xed+json; version=1", "1006-400"},
          {list, "*/*", "1006-400"},
          {list, "", "1006-400"},
          {one, prefix + "xed+json; version=1", ""},
          {one, prefix + "xed-full+json;version=1.0", ""},
          {one, prefix + "xed+json", "1007-400"},
          {one, "application/json", "1007-400"},
          {one, prefix + "xed+json; version=2", "1012-404"},
          {list + "/nope", prefix + "xed+json; version=1", "1012-404"}}) {
        const Reply reply = call("GET", path, {}, accept);
        EXPECT_EQ(reply.status, code.empty() ? 200 : std::stoi(code.substr(5))) << accept;
        if (!code.empty()) {
            EXPECT_EQ(reply.json().at("type"), "http://ns.adobe.com/aep/errors/XDM-" + code);
        }
    }
}

TEST_F(LakeTest, AFullSchemaHasTheFieldsOfItsParts) {
    const std::string path = "/schemaregistry/tenant/schemas/" + percent_encode(customers_schema);
    const Json full = answer(200, "GET", path, {}, full_accept);
    EXPECT_EQ(full.at("$id"), customers_schema);
    EXPECT_EQ(full.at("meta:altId"), alt_id(customers_schema));
    const Json& fields = full.at("properties");
    EXPECT_EQ(fields.at("person").at("properties").at("birthDate").at("format"), "date");
    EXPECT_EQ(fields.at("_acme").at("properties").at("customerId").at("type"), "integer");
    EXPECT_EQ(full.at("required"), Json::array({"_acme"}));
    EXPECT_EQ(fields.at("_acme").at("required"), Json::array({"customerId"}));
    EXPECT_FALSE(full.contains("allOf"));
    const Json plain = answer(200, "GET", path, {}, "application/vnd.adobe.xed+json; version=1");
    EXPECT_EQ(plain.at("allOf").size(), 3U);
    EXPECT_EQ(answer(200, "GET", "/schemaregistry/stats/").at("tenantId"), "acme");
}

TEST_F(LakeTest, SchemasInPages) {
    const std::string list = "/schemaregistry/tenant/schemas/";
    const auto add = [&](const std::string& title) {
        answer(201, "POST", list,
               {{"title", title},
                {"type", "object"},
                {"description", ""},
                {"allOf", {{{"$ref", "https://ns.adobe.com/xdm/context/profile"}}}}});
    };
    add("Orders");
    add("A, B");
    std::string titles;
    std::string query = "?orderby=title&limit=1";
    for (int pages = 0; pages < 9; ++pages) {
        const Json page = answer(200, "GET", list + query, {}, list_accept);
        EXPECT_EQ(page.at("_page").at("count"), page.at("results").size());
        for (const Json& item : page.at("results")) {
            titles += item.at("title").get<std::string>() + "|";
        }
        if (page.at("_page").at("next").is_null()) {
            break;
        }
        query = "?orderby=title&limit=1&start=" +
                percent_encode(page.at("_page").at("next").get<std::string>());
    }
    // A page does not separate equal titles.
    EXPECT_EQ(titles, "A, B|Customers|Orders|Orders|Returns|");
    const auto count = [&](const std::string& selection) {
        return answer(200, "GET", list + "?" + selection, {}, list_accept).at("results").size();
    };
    EXPECT_EQ(count("property=title==Orders"), 2U);
    EXPECT_EQ(count("property=title==A,%20B"), 1U);
    EXPECT_EQ(count("property=meta:extends!=https://ns.adobe.com/xdm/data/adhoc"), 5U);
    EXPECT_EQ(count("property=meta:class==https://ns.adobe.com/xdm/context/profile"), 4U);
    EXPECT_EQ(count("start=Orders"), 1U);
    answer(400, "GET", list + "?orderby=-title", {}, list_accept);
}

TEST_F(LakeTest, LifeOfASchema) {
    const std::string groups = "/schemaregistry/tenant/fieldgroups";
    const Json definition = {
        {"properties",
         {{"_acme", {{"type", "object"}, {"properties", {{"size", {{"type", "number"}}}}}}}}},
        {"required", {"_acme"}}};
    const Json group = answer(201, "POST", groups,
                              {{"type", "object"},
                               {"title", "Sizes"},
                               {"description", ""},
                               {"definitions", {{"sizes", definition}}},
                               {"allOf", {{{"$ref", "#/definitions/sizes"}}}}});
    Json body = {{"type", "object"},
                 {"title", "Things"},
                 {"description", "d"},
                 {"allOf",
                  {{{"$ref", "https://ns.adobe.com/xdm/context/experienceevent"}},
                   {{"$ref", group.at("$id")}}}}};
    const Json made = answer(201, "POST", "/schemaregistry/tenant/schemas", body);
    EXPECT_EQ(made.at("version"), "1.0");
    EXPECT_EQ(made.at("meta:extends").size(), 2U);
    const Json full = find_full_schema(store(), dev(), made.at("$id"));
    EXPECT_EQ(full.at("title"), "Things");
    EXPECT_EQ(full.at("required"), (Json{"_id", "timestamp", "_acme"}));
    EXPECT_EQ(full.at("properties").at("_acme").at("properties").at("size").at("type"), "number");
    const std::string path =
        "/schemaregistry/tenant/schemas/" + made.at("meta:altId").get<std::string>();
    EXPECT_EQ(call("DELETE", path).status, 204);
    answer(404, "DELETE", path);
    EXPECT_TRUE(find_full_schema(store(), dev(), made.at("$id")).is_null());

    body["allOf"][1]["$ref"] = "https://ns.adobe.com/acme/mixins/nope";
    EXPECT_EQ(answer(400, "POST", "/schemaregistry/tenant/schemas", body).at("detail"),
              "every $ref must be the $id of a class or field group");
    body["allOf"].erase(1);
    for (const char* const key : {"title", "type", "description", "allOf"}) {
        Json wrong = body;
        wrong[key] = 1;
        answer(400, "POST", "/schemaregistry/tenant/schemas", wrong);
    }
    for (const char* const key : {"title", "allOf"}) {
        Json wrong = body;
        wrong.erase(key);
        answer(400, "POST", "/schemaregistry/tenant/schemas", wrong);
    }
    body.erase("type");
    body.erase("description");
    answer(201, "POST", "/schemaregistry/tenant/schemas", body);
    const Json loop = {{"$ref", "#/definitions/a"}};
    body.update({{"definitions", {{"a", loop}}}, {"allOf", Json::array({loop})}});
    answer(400, "POST", "/schemaregistry/tenant/schemas", body);
}

// --- Data Prep

Json mapping_set(const Json& mappings) {
    return {{"outputSchema", {{"schemaRef", {{"id", customers_schema}}}}}, {"mappings", mappings}};
}

const Json id_mapping = {
    {"sourceType", "ATTRIBUTE"}, {"source", "customer_id"}, {"destination", "_acme.customerId"}};

TEST_F(LakeTest, LifeOfAMappingSet) {
    const std::string sets = "/conversion/mappingSets";
    Json body = mapping_set(Json::array({id_mapping}));
    body["name"] = "one";
    const Json made = answer(200, "POST", sets + "?validate=False", body);
    EXPECT_EQ(made.at("version"), 0);
    const std::string id = made.at("id");
    EXPECT_EQ(id.size(), 32U);
    const std::string path = sets + "/" + id;
    const Json shown = answer(200, "GET", path);
    EXPECT_EQ(shown.at("name"), "one");
    EXPECT_EQ(shown.at("xdmSchema"), customers_schema);
    EXPECT_EQ(shown.at("mappings").at(0).at("sourceAttribute"), "customer_id");
    EXPECT_EQ(shown.at("mappings").at(0).at("destinationXdmPath"), "_acme.customerId");
    Json changed = body;
    changed["mappings"][0].update({{"source", "name"}, {"destination", "person.name.fullName"}});
    const Json replaced = answer(200, "PUT", path, changed);
    EXPECT_EQ(replaced.at("version"), 1);
    EXPECT_EQ(replaced.at("createdDate"), made.at("createdDate"));
    EXPECT_EQ(answer(200, "GET", path).at("mappings").at(0).at("source"), "name");
    body["name"] = "two";
    const Json other = answer(200, "POST", sets, body);
    EXPECT_EQ(answer(200, "GET", sets + "?limit=10&start=0").at("data").size(), 2U);
    EXPECT_EQ(answer(200, "GET", sets + "?start=1").at("data").at(0).at("id"), other.at("id"));
    EXPECT_EQ(answer(200, "GET", sets + "?name=one").at("data").size(), 1U);
    answer(200, "DELETE", path);
    answer(404, "GET", path);
    answer(404, "PUT", path, body);
    answer(404, "DELETE", path);
    for (const Json& wrong :
         {Json{{"outputSchema", body.at("outputSchema")}}, Json{{"mappings", Json::array()}},
          mapping_set(Json::array({Json{{"source", "x"}}}))}) {
        answer(400, "POST", sets, wrong);
    }
}

TEST_F(LakeTest, ValidateAndPreview) {
    const Json set = mapping_set({id_mapping, {{"source", "x"}, {"destination", "nope"}}});
    const Json response =
        answer(200, "POST", "/conversion/mappingSets/validate", set).at("validationResponse");
    ASSERT_EQ(response.size(), 2U);
    EXPECT_EQ(response[0], (Json{{"status", "SUCCESS"}, {"errors", nullptr}}));
    EXPECT_EQ(response[1].at("status"), "FAILED");
    EXPECT_EQ(response[1].at("errors").at(0).at("destination"), "nope");
    EXPECT_EQ(answer(200, "GET", "/conversion/mappingSets").at("data"), Json::array());
    const Json row = {{"customer_id", "7"}};
    const Json mapped = {{"_acme", {{"customerId", 7}}}};
    const std::string preview = "/conversion/mappingSets/preview";
    EXPECT_EQ(answer(200, "POST", preview, {{"mappingSet", set}, {"data", row}}),
              (Json{{"data", mapped}, {"errors", Json::array()}}));
    const Json wrong = {{"customer_id", "x"}};
    EXPECT_EQ(answer(200, "POST", preview, {{"mappingSet", set}, {"data", wrong}})
                  .at("errors")
                  .at(0)
                  .at("code"),
              "INGEST-1555-400");
    answer(400, "POST", preview, {{"mappingSet", set}, {"data", "x"}});
}

// --- Batches

class BatchTest : public LakeTest {
  protected:
    Batch batch_of_three() {
        const Mapping mapping(mapping_set(Json::array({id_mapping})),
                              find_full_schema(store(), dev(), customers_schema));
        Batch batch{.dataset_id = customers, .flow_id = "f", .diagnostics = true};
        for (const Json& row :
             Json::parse(R"([{"customer_id": 1}, {"customer_id": 2}, {"customer_id": null}])")) {
            const MappedRow mapped = mapping.map(row);
            if (mapped.errors.empty()) {
                batch.documents.push_back(mapped.document);
            } else {
                batch.rejected.push_back(rejected_row(row, mapped));
            }
        }
        return batch;
    }

    // The only entry of a list of the export API: follows its link, whose host is not ours.
    std::string linked(const std::string& path) {
        const Json list = answer(200, "GET", "/export" + path);
        EXPECT_EQ(list.at("_page").at("count"), 1);
        const std::string link = list.at("data").at(0).at("_links").at("self").at("href");
        EXPECT_TRUE(link.starts_with("https://platform.adobe.io/data/foundation/export/")) << link;
        return link.substr(std::string("https://platform.adobe.io/data/foundation/export").size());
    }

    std::string content(const std::string& path) {
        const Reply reply = call("GET", "/export" + path);
        EXPECT_EQ(reply.status, 200) << reply.body;
        return reply.body;
    }
};

TEST_F(BatchTest, ShownByCatalog) {
    const std::string id = add_batch(store(), dev(), batch_of_three())->at("id");
    EXPECT_EQ(id.size(), 26U);
    EXPECT_EQ(id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
    const Json found = answer(200, "GET", "/catalog/batches/" + id).at(id);
    EXPECT_EQ(found.at("status"), "success");
    EXPECT_EQ(found.at("metrics"),
              (Json{{"inputRecordCount", 3}, {"outputRecordCount", 2}, {"failedRecordCount", 1}}));
    EXPECT_EQ(found.at("errors").at(0).at("code"), "INGEST-1555-400");
    EXPECT_EQ(found.at("errors").at(0).at("recordCount"), 1);
    EXPECT_EQ(found.at("tags"), (Json{{"acp_enableErrorDiagnostics", true}, {"flowId", {"f"}}}));
    EXPECT_EQ(found.at("sandboxId"), dev().id);
    answer(404, "GET", "/catalog/batches/nope");
    Batch failed = batch_of_three();
    failed.success = false;
    failed.dataset_id = "other";
    const std::string second = add_batch(store(), dev(), failed)->at("id");
    const auto ids = [&](const std::string& query) {
        std::vector<std::string> keys;
        const Json batches = answer(200, "GET", "/catalog/batches?" + query);
        for (const auto& item : batches.items()) {
            keys.push_back(item.key());
        }
        return keys;
    };
    EXPECT_EQ(ids("dataSet=" + customers), (std::vector{id}));
    EXPECT_EQ(ids("status=failed&orderBy=desc:created"), (std::vector{second}));
    EXPECT_EQ(ids("").size(), 2U);
}

TEST_F(BatchTest, RowsAndRejectedRows) {
    const std::string id = add_batch(store(), dev(), batch_of_three())->at("id");
    const std::string batch = "/batches/" + id;
    EXPECT_EQ(content(linked(linked(batch + "/files"))),
              "{\"_acme\":{\"customerId\":1}}\n{\"_acme\":{\"customerId\":2}}\n");
    const Json rejected = json::parse(content(linked(batch + "/meta?path=row_errors")));
    EXPECT_TRUE(rejected.at("customer_id").is_null());
    EXPECT_EQ(rejected.at("_errors").at(0).at("code"), "INGEST-1555-400");
    EXPECT_EQ(content(batch + "/meta?path=row_errors/conversion_errors_0.json"),
              dump(rejected) + "\n");
    EXPECT_EQ(linked(batch + "/meta"), linked(batch + "/meta?path=row_errors"));
    for (const std::string& path : {batch + "/meta?path=nope", std::string("/batches/nope/meta"),
                                    std::string("/files/nope")}) {
        answer(404, "GET", "/export" + path);
    }
}

TEST_F(BatchTest, AFailedBatchWithoutDiagnostics) {
    Batch batch = batch_of_three();
    batch.success = false;
    const std::string diagnosed = add_batch(store(), dev(), batch)->at("id");
    const std::string path = "/export/batches/" + diagnosed;
    EXPECT_EQ(answer(200, "GET", path + "/files").at("data"), Json::array());
    EXPECT_EQ(answer(200, "GET", path + "/meta?path=row_errors").at("data").size(), 1U);
    batch.diagnostics = false;
    const std::string id = add_batch(store(), dev(), batch)->at("id");
    const Json shown = answer(200, "GET", "/catalog/batches/" + id).at(id);
    EXPECT_EQ(shown.at("errors").at(0).at("code"), "INGEST-1211-400");
    EXPECT_EQ(shown.at("metrics").at("outputRecordCount"), 0);
    EXPECT_EQ(answer(200, "GET", "/export/batches/" + id + "/meta?path=row_errors").at("data"),
              Json::array());
}

// --- Access

TEST_F(LakeTest, BehindTheGateway) {
    const Headers credentials = emulator_->credentials();
    for (const std::string path : {"/catalog/dataSets", "/schemaregistry/stats",
                                   "/conversion/mappingSets", "/export/batches/x/meta"}) {
        for (const auto& [header, value] : credentials) {
            Headers headers = credentials;
            headers.erase(header);
            const int status =
                send(emulator_->port(), "GET", "/data/foundation" + path, headers).status;
            EXPECT_TRUE(status == 400 || status == 403) << path << header << status;
        }
    }
}

TEST_F(LakeTest, PermissionsAreSeparate) {
    Options options;
    options.adobe = {AdobeFailure::no_datasets};
    emulator_ = std::make_unique<RunningEmulator>(options);
    answer(403, "GET", "/catalog/dataSets");
    answer(403, "GET", "/schemaregistry/stats");
    answer(200, "GET", "/flowservice/flows");
    answer(200, "GET", "/conversion/mappingSets");
    options.adobe = {AdobeFailure::no_permission};
    emulator_ = std::make_unique<RunningEmulator>(options);
    answer(200, "GET", "/catalog/dataSets");
    answer(403, "GET", "/flowservice/flows");
}

}  // namespace
}  // namespace bqconn::emulator
