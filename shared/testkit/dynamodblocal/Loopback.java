import java.lang.reflect.Field;

/**
 * Starts DynamoDB Local on 127.0.0.1 and a port of the system's choice, and prints that port. By itself it listens on
 * every interface of the machine and has no option against that.
 *
 * It is compiled with: javac --release 17 -g:none Loopback.java
 */
public final class Loopback {
    public static void main(String[] args) {
        try {
            Object proxy = Class.forName("software.amazon.dynamodb.services.local.main.ServerRunner")
                .getMethod("createServerFromCommandLineArgs", String[].class).invoke(null, (Object) args);
            Field field = proxy.getClass().getDeclaredField("server");
            field.setAccessible(true);
            Object server = field.get(proxy);
            Object connector = ((Object[]) server.getClass().getMethod("getConnectors").invoke(server))[0];
            Class<?> type = connector.getClass();
            type.getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
            type.getMethod("setPort", int.class).invoke(connector, 0);
            proxy.getClass().getMethod("safeStart").invoke(proxy);
            System.out.println("listening on port " + type.getMethod("getLocalPort").invoke(connector));
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.exit(1);
        }
    }
}
