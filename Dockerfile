# syntax=docker/dockerfile:1
#
# The images of docker-compose.yml, one target each: kafka, connect, streams-app, client.
# Libraries lie in a layer of their own below Charla's code, so that a change of the code changes a small layer.

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2/repository \
    mvn -q -B -ntp -DskipTests -Dmaven.test.skip -pl standalone -am package \
 && mvn -q -B -ntp -N dependency:copy -Dmdep.stripVersion=true -DoutputDirectory=/out/jmx \
      -Dartifact="io.prometheus.jmx:jmx_prometheus_javaagent:$(sed -n 's:.*<jmx-exporter.version>\(.*\)</.*:\1:p' pom.xml)" \
 && mkdir -p /out/plugin /out/client/lib /out/client/app /out/streams-app/app \
 && cp -r connect/target/plugin/. /out/plugin/ \
 && cp -r streams-app/target/lib /out/streams-app/lib \
 && cp client/target/lib/*.jar /out/client/lib/ \
 && cp connect/deployer/target/lib/*.jar /out/client/lib/ \
 && cp connect/audit/target/lib/*.jar /out/client/lib/ \
 && mv /out/streams-app/lib/charla-*.jar streams-app/target/charla-*.jar /out/streams-app/app/ \
 && mv /out/client/lib/charla-*.jar client/target/charla-*.jar connect/deployer/target/charla-*.jar \
      connect/audit/target/charla-*.jar standalone/target/charla-*.jar /out/client/app/


# Apache's image with the exporter of its JMX metrics.
FROM apache/kafka:4.4.0 AS kafka
COPY --from=build /out/jmx /opt/charla/jmx
COPY docker/jmx /opt/charla/jmx
# Given to the server alone: with KAFKA_OPTS, each tool that is run in the container would want the port as well.
ENV EXTRA_ARGS="-name kafkaServer -javaagent:/opt/charla/jmx/jmx_prometheus_javaagent.jar=9404:/opt/charla/jmx/kafka.yml"


FROM kafka AS connect
ENV EXTRA_ARGS="-name connectDistributed -javaagent:/opt/charla/jmx/jmx_prometheus_javaagent.jar=9404:/opt/charla/jmx/connect.yml"
WORKDIR /opt/charla
COPY --from=build /out/plugin plugin
COPY docker/connect-worker docker/connect-worker
COPY config/connect-worker.properties config/
CMD ["docker/connect-worker"]


FROM eclipse-temurin:17-jre AS java
WORKDIR /opt/charla


FROM java AS streams-app
# A new volume takes its owner from here.
RUN mkdir -p data/streams && chown -R 1000:1000 data
COPY --from=build /out/streams-app/lib lib
COPY --from=build /out/streams-app/app app
COPY config/streams.properties config/
USER 1000:1000
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=40", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError", "-cp", "app/*:lib/*"]
CMD ["org.charla.streams.Main"]


FROM java AS client
# A person's keys outlive the containers of their commands; a new volume takes its owner from here.
RUN mkdir -m 700 data && chown 1000:1000 data
ENV XDG_DATA_HOME=/opt/charla/data
COPY --from=build /out/client/lib lib
COPY --from=build /out/client/app app
# The classes of the commands as the JVM keeps them in memory, see ./charla; good for this order of the jars alone.
RUN echo "-cp $(ls app/*.jar lib/*.jar | paste -s -d :)" > class-path \
 && mkdir /tmp/training \
 && java @class-path -XX:+UseSerialGC -XX:-UsePerfData -XX:DumpLoadedClassList=/tmp/training/classes \
      -Djava.io.tmpdir=/tmp/training org.charla.client.Training /tmp/training \
 && java @class-path -Xshare:dump -XX:-UsePerfData -XX:SharedClassListFile=/tmp/training/classes \
      -XX:SharedArchiveFile=classes.jsa -Xlog:disable \
 && rm -r /tmp/training
COPY config/connectors config/connectors
USER 1000:1000
ENTRYPOINT ["java", "@class-path", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto", \
    "-XX:SharedArchiveFile=classes.jsa", "-Xlog:disable", "-XX:MaxRAMPercentage=60", "-Dcharla.home=/opt/charla", \
    "org.charla.standalone.RemoteMain"]
CMD ["chat"]
